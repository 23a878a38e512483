/** Who is calling, as the gateway decided it. */
export interface Identity {
  userId: string;
  email: string;
  name: string;
  emailVerified: boolean;
  sessionId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The person, once the guard has run; null on a public call without a credential. */
    identity: Identity | null;
    /** The service that calls an internal route, once the guard has run. */
    callingService: string | null;
    /** What the service's `ResourceAuthorizer` found out on the way, such as the resource's tenant. */
    authorization: unknown;
    /** Which of the service's two ports the request came in by. */
    arrivedOn: 'public' | 'internal';
  }
}
