import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request or message being worked on, wherever the code is. */
export interface RequestContext {
  requestId: string;
  /** Ties together everything that followed from one request, also through messages. */
  correlationId: string;
  /** W3C trace context of this piece of work: the caller's trace, a span of our own. */
  traceparent: string;
  /** Who is behind it, once the guard has run; nobody in the handler of a message. */
  caller?: RequestCaller;
  /** Where the request came from: an IPv4 address, or an IPv6 network. None in the handler of a message. */
  network?: () => string;
}

/** An administrator is a person on a call for administrators. */
export type RequestCaller = { kind: 'person' | 'admin'; id: string } | { kind: 'key'; id: string; name: string };

/** HTTP fills it for every request; a message handler runs inside `requestContext.run(…)` with its envelope's ids. */
export const requestContext = new AsyncLocalStorage<RequestContext>();
