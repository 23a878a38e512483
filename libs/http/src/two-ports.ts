import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Intake } from './intake.js';
import { noteAnswer, refuseUnreadable } from './unreadable-request.js';
import { nextTraceparent, requestContext, requestIdFrom, type RequestContext } from '@app/observability';

type Port = 'public' | 'internal';
interface Arrival {
  port: Port;
  context: RequestContext;
}
const arrivals = new WeakMap<IncomingMessage, Arrival>();

/** How a request came in. Both listeners of `TwoPorts` note it before anything else sees the request. */
export function arrivalOf(request: IncomingMessage): Arrival {
  const arrival = arrivals.get(request);
  if (!arrival) throw new Error('The request came in by none of the listeners.');
  return arrival;
}

/** Idle connections outlive those of load balancers (60 s), so that these never send into a closing one. */
const KEEP_ALIVE_MS = 72_000;
/** Slow senders hold no socket for longer: milliseconds until a request's headers, and all of it, must be there. */
const PATIENCE = { headers: 10_000, request: 30_000 };
/** How often Node looks who is too slow (ms); its own half a minute would double the time that they have. */
const LOOK_EVERY_MS = 1_000;
/** When we stop, a connection's first request may be on its way for so long. */
const ON_ITS_WAY_MS = 500;
const SWEEP_MS = 100;
/**
 * Connections that wait to be accepted. A crowd opens thousands in one moment; with Node's 511 the kernel drops the rest,
 * and each of those tries again after 1, 3, 7, … seconds. Linux allows `net.core.somaxconn` at most, 4096 by default.
 */
export const BACKLOG = 4_096;

/**
 * One router on two listeners: the public port and the internal one. Every request runs inside its `requestContext` and
 * every answer carries `X-Request-Id`, also those that the router gives before any hook.
 */
export class TwoPorts {
  private handler: RequestListener = () => undefined;
  private readonly intake: Intake;
  /** Connections that never asked anything, which Node does not count as idle. */
  private readonly fresh = new Set<Socket>();
  private readonly servers = new Set<Server>();
  private isLeaving = false;
  readonly internal: Server;

  /** @param countRefusals of requests to the public port that waited too long */
  constructor(
    countRefusals?: (count: number) => void,
    private readonly patience = PATIENCE,
  ) {
    this.internal = this.listener('internal');
    this.intake = new Intake((request, response) => this.begin('public', request, response), countRefusals);
  }

  /** Fastify's `serverFactory`. */
  readonly createPublic = (handler: RequestListener): Server => {
    this.handler = handler;
    return this.listener('public');
  };

  async listenInternally(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.internal.once('error', reject).listen({ port, host, backlog: BACKLOG }, () => {
        this.internal.off('error', reject);
        resolve();
      });
    });
  }

  /** Whoever is answered from now on comes back by another connection, and so where a balancer sends new ones. */
  endConnections(): void {
    this.isLeaving = true;
  }

  /**
   * To be called when the public server begins to close. Resolves when what came in by the internal port is answered.
   * Connections end as soon as they have nothing more to answer: a peer's pool would keep them for a minute.
   */
  closeInternal(): Promise<void> {
    const listening = [...this.servers].filter((server) => server.listening);
    const sweep = setInterval(() => listening.forEach((server) => server.closeIdleConnections()), SWEEP_MS).unref();
    setTimeout(() => this.fresh.forEach((socket) => socket.destroy()), ON_ITS_WAY_MS).unref();
    let open = listening.length;
    for (const server of listening) server.once('close', () => --open === 0 && clearInterval(sweep));
    return new Promise((resolve) => this.internal.close(() => resolve()));
  }

  private listener(port: Port): Server {
    const { headers: headersTimeout, request: requestTimeout } = this.patience;
    const connectionsCheckingInterval = Math.min(LOOK_EVERY_MS, headersTimeout);
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout, headersTimeout, connectionsCheckingInterval };
    const server = createServer(options, (request, response) => this.receive(port, request, response));
    server.on('clientError', (error, socket) => refuseUnreadable(error, socket as Socket));
    this.servers.add(server);
    return server.on('connection', (socket) => {
      this.fresh.add(socket);
      socket.once('close', () => this.fresh.delete(socket));
    });
  }

  private receive(port: Port, request: IncomingMessage, response: ServerResponse): void {
    this.fresh.delete(request.socket);
    noteAnswer(request, response);
    if (this.isLeaving) response.setHeader('connection', 'close');
    if (port === 'public') this.intake.take(request, response);
    else this.begin(port, request, response);
  }

  private begin(port: Port, request: IncomingMessage, response: ServerResponse): void {
    const requestId = requestIdFrom(request.headers['x-request-id']);
    const traceparent = nextTraceparent(request.headers['traceparent']);
    const context = { requestId, correlationId: requestId, traceparent };
    arrivals.set(request, { port, context });
    response.setHeader('x-request-id', requestId);
    requestContext.run(context, this.handler, request, response);
  }
}
