import { Controller, Inject, Res } from '@nestjs/common';
import { API_PREFIX, OpenGet } from '@app/http';
import type { HealthReport } from '@app/observability';
import type { FastifyReply } from 'fastify';
import { request } from 'undici';
import { z } from 'zod';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { describeOpen } from '../documentation/describe-open.js';

const State = z.enum(['up', 'down']);
const Report = z.object({ status: State, checks: z.record(z.string(), State) });

/** How the platform behind the gateway is, by asking the services. 200 when up, else 503. */
@Controller()
export class PlatformHealthController {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'upstreams' | 'ticketApiInternalUrl'>,
  ) {}

  @OpenGet(`${API_PREFIX}/health`)
  @describeOpen('Every service', Report, 'health')
  async health(@Res() reply: FastifyReply): Promise<void> {
    const asked = Object.entries(this.config.upstreams).map(
      async ([name, url]) => [name, (await ask(url)).status] as const,
    );
    answer(reply, Object.fromEntries(await Promise.all(asked)));
  }

  @OpenGet(`${API_PREFIX}/health/db`)
  @describeOpen('The database', Report, 'health')
  async database(@Res() reply: FastifyReply): Promise<void> {
    const { checks } = await ask(this.config.ticketApiInternalUrl);
    answer(reply, { db: checks['db'] ?? 'down' });
  }

  @OpenGet(`${API_PREFIX}/health/rabbitmq`)
  @describeOpen('The message transport, whichever it is', Report, 'health')
  async messages(@Res() reply: FastifyReply): Promise<void> {
    const { checks } = await ask(this.config.ticketApiInternalUrl);
    answer(reply, { messages: checks['messages'] ?? 'down' });
  }
}

async function ask(url: string): Promise<HealthReport> {
  try {
    const { body } = await request(`${url}/health/ready`, { signal: AbortSignal.timeout(3000) });
    return Report.parse(await body.json());
  } catch {
    return { status: 'down', checks: {} };
  }
}

function answer(reply: FastifyReply, checks: HealthReport['checks']): void {
  const status = Object.values(checks).every((state) => state === 'up') ? 'up' : 'down';
  void reply
    .status(status === 'up' ? 200 : 503)
    .header('cache-control', 'no-store')
    .send({ status, checks });
}
