import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
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
/** A request must be there in whole by then; slow senders hold no socket for longer. */
const REQUEST_MS = 30_000;

/**
 * One router on two listeners: the public port and the internal one. Every request runs inside its `requestContext` and
 * every answer carries `X-Request-Id`, also those that the router gives before any hook.
 */
export class TwoPorts {
  private handler: RequestListener = () => undefined;
  readonly internal = this.listener('internal');

  /** Fastify's `serverFactory`. */
  readonly createPublic = (handler: RequestListener): Server => {
    this.handler = handler;
    return this.listener('public');
  };

  async listenInternally(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.internal.once('error', reject).listen(port, host, () => {
        this.internal.off('error', reject);
        resolve();
      });
    });
  }

  /** Resolves when what came in by the internal port is answered. */
  closeInternal(): Promise<void> {
    return new Promise((resolve) => {
      this.internal.close(() => resolve());
      this.internal.closeIdleConnections();
    });
  }

  private listener(port: Port): Server {
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS };
    return createServer(options, (request, response) => this.receive(port, request, response));
  }

  private receive(port: Port, request: IncomingMessage, response: ServerResponse): void {
    const requestId = requestIdFrom(request.headers['x-request-id']);
    const traceparent = nextTraceparent(request.headers['traceparent']);
    const context = { requestId, correlationId: requestId, traceparent };
    arrivals.set(request, { port, context });
    response.setHeader('x-request-id', requestId);
    requestContext.run(context, this.handler, request, response);
  }
}
