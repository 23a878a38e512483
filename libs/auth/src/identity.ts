import type { Scope } from '@app/contracts';

/** A person who calls, as the gateway decided it. */
export interface Identity {
  userId: string;
  email: string;
  name: string;
  emailVerified: boolean;
  sessionId: string;
  /** Who vouches for the person (`iss`), if not we ourselves: a configured OIDC issuer. */
  issuer?: string;
  /**
   * Who the person is there, which the person may write for `:userId`. Missing where it reads as the id of another account
   * here: a path means that one.
   */
  externalId?: string;
}

/** Software that calls with an organization's key: it acts as the organization, and is nobody's buyer or holder. */
export interface ApiKey {
  keyId: string;
  tenantId: string;
  /** What its maker called it. */
  name: string;
  scopes: readonly Scope[];
  /** The key is a scanning device's, and names it: the one event that it is for; all of the organization if null. */
  device?: { readonly eventId: string | null };
}

export type Principal = Identity | ApiKey;

export const isApiKey = (principal: Principal): principal is ApiKey => 'keyId' in principal;

/** Whose deed it was, and whose Idempotency-Key: the person's id or the key's. */
export const principalId = (principal: Principal): string => (isApiKey(principal) ? principal.keyId : principal.userId);

declare module 'fastify' {
  interface FastifyRequest {
    /** The person, once the guard has run; null on a public call without a credential, and for a key. */
    identity: Identity | null;
    /** The organization's key, if the caller is one. */
    apiKey: ApiKey | null;
    /** The service that calls an internal route, once the guard has run. */
    callingService: string | null;
    /** What the service's `ResourceAuthorizer` found out on the way, such as the resource's tenant. */
    authorization: unknown;
    /** Which of the service's two ports the request came in by. */
    arrivedOn: 'public' | 'internal';
  }
}
