import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isUnavailable, RETRY_AFTER_SECONDS } from '@app/problem-details';
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { StripeError } from '../api/stripe-error.js';
import { CONFIG, type Config } from '../config.js';
import { AdminRoutes } from './admin-routes.js';
import { Refusal } from './refusal.js';

/** Whoever reaches it commands it without a key: it never listens anywhere else. */
const HOST = '127.0.0.1';

const Nothing = z.strictObject({});

/** The admin API: JSON on a port of its own, if there is one. Its errors are `{error}`, which says what was wrong. */
@Injectable()
export class AdminServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Admin');
  private readonly server = fastify({ forceCloseConnections: true });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(AdminRoutes) private readonly routes: AdminRoutes,
  ) {
    routes.add('GET', '/', Nothing, () => this.now());
    routes.add('POST', '/reset', Nothing, () => this.reset());
  }

  /** Undefined when it does not listen. */
  get port(): number | undefined {
    return (this.server.server.address() as AddressInfo | null)?.port;
  }

  /** @throws when the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.adminPort === undefined) return;
    // A page in a browser may send text to any address without asking, but no JSON.
    this.server.removeContentTypeParser('text/plain');
    this.server.setNotFoundHandler((request, reply) => reply.status(404).send({ error: this.unknown(request) }));
    this.server.setErrorHandler((error: FastifyError, request, reply) => this.refuse(error, request, reply));
    for (const { method, path, input, run } of this.routes.all) {
      this.server.route({
        method,
        url: path,
        handler: (request: FastifyRequest<{ Params: { id?: string } }>) => {
          const given = method === 'GET' || method === 'DELETE' ? request.query : (request.body ?? {});
          return run(input.parse(given, { reportInput: true }), request.params.id ?? '');
        },
      });
    }
    await this.server.listen({ port: this.config.adminPort, host: HOST });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
  }

  private now(): object {
    return Object.fromEntries([...this.routes.switches].map(([name, { now }]) => [name, now()]));
  }

  private async reset(): Promise<object> {
    for (const { reset } of this.routes.switches.values()) await reset();
    return this.now();
  }

  private unknown({ method, url }: FastifyRequest): string {
    const known = this.routes.all.map((route) => `${route.method} ${route.path}`).join(', ');
    return `There is no ${method} ${url.split('?', 1)[0]}; there is: ${known}`;
  }

  private refuse(error: Error, request: FastifyRequest, reply: FastifyReply) {
    const status = statusOf(error);
    if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    else if (status >= 500) this.log.error(`${request.method} ${request.url}: ${error.stack ?? error.message}`);
    return reply.status(status).send({ error: error instanceof z.ZodError ? complaint(error) : error.message });
  }
}

/** Fastify's own errors carry a status. */
function statusOf(error: Error): number {
  if (error instanceof z.ZodError) return 400;
  if (error instanceof Refusal || error instanceof StripeError) return error.status;
  return (error as FastifyError).statusCode ?? (isUnavailable(error) ? 503 : 500);
}

/** `copies: Too big: …; types[0]: Invalid …`; what is wrong with the whole stands alone. */
const complaint = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`)).join('; ');
