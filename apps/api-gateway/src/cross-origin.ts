import type { CrossOrigin } from '@app/http';

/** Headers of a request that a page may set, beside those that the Fetch standard lets through anyway. */
const REQUEST_HEADERS =
  'accept, authorization, cache-control, content-type, idempotency-key, if-match, if-none-match, last-event-id, traceparent, x-api-key, x-request-id';
/** Headers of an answer that a page may read. */
const EXPOSED =
  'content-disposition, etag, idempotent-replayed, location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id';
/** Seconds for which a browser need not ask again; Chromium takes two hours at most. */
const MAX_AGE = '7200';

/**
 * CORS by allow-list, with credentials. A preflight is answered by the methods that its path takes; one that asks for what
 * there is not, or comes from elsewhere, is judged as any other request. No origin is reflected that is not on the list.
 */
export function crossOriginOf(allowed: ReadonlySet<string>): CrossOrigin {
  if (allowed.size === 0) return () => false;
  return ({ method, headers }, reply, methods) => {
    // Shared caches must not give one origin's answer to another, nor to one that sent none.
    void reply.header('vary', 'Origin');
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return false;
    void reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
    const wanted = headers['access-control-request-method'];
    if (method !== 'OPTIONS' || wanted === undefined) {
      void reply.header('access-control-expose-headers', EXPOSED);
      return false;
    }
    const taken = methods();
    if (taken.length === 0) return false;
    void reply.headers({
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-methods': taken.join(', '),
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': MAX_AGE,
    });
    return true;
  };
}
