/** Which of a service's ports answers a route. */
export type RoutePort = 'public' | 'internal' | 'both';

/** Bytes of JSON that a route takes unless it says otherwise. */
export const JSON_LIMIT = 64 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes that do not say are public. */
    port?: RoutePort;
    /** The handler gets the body's bytes, at most this many, instead of JSON. */
    rawBody?: number;
    /** Bytes of JSON that it takes, if not `JSON_LIMIT`. */
    largestBody?: number;
    /** What of an object that answers with this status goes out; all of it if absent. */
    declared?: (status: number, answer: unknown) => unknown;
  }
}
