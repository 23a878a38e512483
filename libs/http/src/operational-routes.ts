import type { Health, HealthReport, Metrics } from '@app/observability';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** `/health*` on both ports, `/metrics` on the internal one: no guard, for probes carry no token. */
export function serveOperations(instance: FastifyInstance, health: Health, metrics: Metrics): void {
  const probe = (path: string, ask: () => HealthReport | Promise<HealthReport>) =>
    instance.get(path, { config: { port: 'both' } }, async (_request, reply) => answer(reply, await ask()));
  probe('/health', () => health.ready());
  probe('/health/ready', () => health.ready());
  probe('/health/live', () => health.live());
  probe('/health/startup', () => health.startup());
  instance.get('/metrics', { config: { port: 'internal' } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

const answer = (reply: FastifyReply, report: HealthReport) =>
  reply
    .status(report.status === 'up' ? 200 : 503)
    .header('cache-control', 'no-store')
    .send(report);
