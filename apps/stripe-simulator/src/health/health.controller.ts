import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Health, type HealthReport } from '@app/observability';
import type { FastifyReply } from 'fastify';
import { WithoutKey } from '../api/without-key.js';

@WithoutKey()
@Controller('health')
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get(['', 'ready'])
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.health.ready());
  }

  @Get('live')
  live(@Res({ passthrough: true }) reply: FastifyReply): HealthReport {
    return answer(reply, this.health.live());
  }

  @Get('startup')
  startup(@Res({ passthrough: true }) reply: FastifyReply): HealthReport {
    return answer(reply, this.health.startup());
  }
}

function answer(reply: FastifyReply, report: HealthReport): HealthReport {
  void reply.status(report.status === 'up' ? 200 : 503).header('cache-control', 'no-store');
  return report;
}
