import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { API_VERSION } from './api-version.js';
import { parseForm } from './form-encoding.js';
import { objectId } from './object-id.js';
import { invalidRequest } from './stripe-error.js';

const MAX_BODY = 1024 * 1024;
/** Longer than any path that Node takes, so that an id is never too long to be looked for. */
const MAX_ID = 16 * 1024;

/** Fastify that reads forms and nothing else, and answers with the headers of Stripe. */
export function createAdapter(logger: Logger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY,
    genReqId: () => objectId('req'),
    // The router has no way to refuse a query: `QueryParameters` reads it later.
    routerOptions: { maxParamLength: MAX_ID, querystringParser: (written) => ({ written }) },
    frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) =>
      void reply.status(400).send(invalidRequest('Invalid request: its address cannot be decoded.').toBody()),
  });
  const instance = adapter.getInstance();
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => parseForm(body),
  );
  instance.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    void reply.header('Request-Id', request.id).header('Stripe-Version', API_VERSION);
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string') void reply.header('Idempotency-Key', key);
    done();
  });
  instance.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unknown';
    const line = { requestId: request.id, method: request.method, route, status: reply.statusCode };
    logger[route.startsWith('/health') ? 'debug' : 'info']({ ...line, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
  return adapter;
}
