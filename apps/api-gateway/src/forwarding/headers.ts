import type { IncomingHttpHeaders } from 'node:http';
import { requestContext } from '@app/observability';
import type { FastifyRequest } from 'fastify';

/**
 * What of a client's request reaches a service. A list of what passes, so that nothing that only we may say (`x-identity`,
 * `x-forwarded-*`), no credential and no hop-by-hop field ever slips through.
 */
const PASSED_ON = [
  'accept',
  'accept-language',
  'content-encoding',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'stripe-signature',
  'user-agent',
] as const;

/** What of a service's answer reaches the client. */
const PASSED_BACK = [
  'cache-control',
  'content-disposition',
  'content-language',
  // A page says what it needs; what says nothing is allowed nothing.
  'content-security-policy',
  'content-type',
  'etag',
  'idempotent-replayed',
  'last-modified',
  'location',
  'referrer-policy',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
] as const;

const NONE: ReadonlySet<string> = new Set();

/**
 * Fields that their sender means for the next hop alone (RFC 9110 §7.6.1): nobody passes them on. What we say ourselves is
 * said after that, so no client can take it away.
 */
export function hopByHop({ connection }: IncomingHttpHeaders): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return NONE;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

/** Headers of the request to the service. Cookies are the session's own and concern `/auth/*` alone. */
export function requestHeaders(request: FastifyRequest, withCookies: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    'x-request-id': request.id,
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
  };
  const trace = requestContext.getStore()?.traceparent;
  if (trace !== undefined) headers['traceparent'] = trace;
  const ends = hopByHop(request.headers);
  for (const name of PASSED_ON) {
    const value = request.headers[name];
    if (typeof value === 'string' && !ends.has(name)) headers[name] = value;
  }
  const { cookie } = request.headers;
  if (withCookies && cookie !== undefined && !ends.has('cookie')) headers['cookie'] = cookie;
  return headers;
}

export function responseHeaders(given: IncomingHttpHeaders): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const ends = hopByHop(given);
  for (const name of PASSED_BACK) {
    const value = given[name];
    if (value !== undefined && !ends.has(name)) headers[name] = value;
  }
  return headers;
}
