import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Mails hold sign-in tokens. A page of a stranger that makes its own name point to this machine (DNS rebinding) still
 * sends its own name as Host, and is refused. Probes may call us by any name.
 */
export function createAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    void reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store');
    if (LOCAL.test(request.headers.host ?? '') || request.url.startsWith('/health')) done();
    else void reply.status(421).type('text/plain').send('This mailbox answers to localhost only.\n');
  });
  return adapter;
}
