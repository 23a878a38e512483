import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_VERSION } from './api-version.js';
import { parseForm } from './form-encoding.js';
import { objectId } from './object-id.js';

const MAX_BODY = 1024 * 1024;

/** Fastify that reads forms and nothing else, and answers with the headers of Stripe. */
export function createAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY,
    genReqId: () => objectId('req'),
    routerOptions: { maxParamLength: 500, querystringParser: parseForm },
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
  return adapter;
}
