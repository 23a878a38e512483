import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import { Pool, type Dispatcher } from 'undici';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';

export type UpstreamName = keyof GatewayConfig['upstreams'];
type Sent = Omit<Dispatcher.RequestOptions, 'method'> & { method: Dispatcher.HttpMethod };

/** Idle connections are ours to close first: services keep them for 72 s and say so, so none is used while it closes. */
const POOL: Pool.Options = {
  connections: 128,
  connect: { timeout: 2000 },
  keepAliveTimeout: 4000,
  keepAliveMaxTimeout: 60_000,
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
};
/** A service that is being restarted listens again within about this time (milliseconds). */
export const PAUSE_MS = 200;

/** Nothing of the request was sent. */
const refused = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The connection ended before an answer; the request may have been carried out. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);
const SAFE = new Set(['GET', 'HEAD']);

/** Pooled connections to the services. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  private readonly pools = new Map<UpstreamName, Pool>();

  constructor(@Inject(GATEWAY_CONFIG) { upstreams }: Pick<GatewayConfig, 'upstreams'>) {
    for (const name of Object.keys(upstreams) as UpstreamName[]) this.pools.set(name, new Pool(upstreams[name], POOL));
  }

  /**
   * Sends, and once more if that can do no harm: what was never sent, or what changes nothing.
   * @throws ProblemError `service-unavailable` when there is no answer.
   */
  async send(name: UpstreamName, request: Sent): Promise<Dispatcher.ResponseData> {
    const pool = this.pools.get(name);
    if (!pool) throw new Error(`There is no upstream ${name}.`);
    try {
      return await pool.request(request);
    } catch (error) {
      const code = codeOf(error);
      const again = refused.has(code) || (SAFE.has(request.method) && broken.has(code));
      if (!again) throw unavailable(name, error);
      if (refused.has(code)) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return pool.request(request).catch((second: unknown) => {
        throw unavailable(name, second);
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }
}

/** Whether a request failed before anything of it was sent. */
export const wasNeverSent = (error: unknown): boolean =>
  refused.has(codeOf(error)) || refused.has(codeOf((error as { cause?: unknown } | null)?.cause));

export const unavailable = (name: string, cause: unknown) =>
  Object.assign(new ProblemError('service-unavailable', `${name} does not answer right now.`), { cause });

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code ?? '');
