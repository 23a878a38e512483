import { Injectable } from '@nestjs/common';
import { ApiScope } from '@app/contracts';
import { z } from 'zod';
import { isApiKey, principalId, type ApiKey, type Principal } from './identity.js';
import { ServiceKeys } from './service-keys.js';
import { REUSE, sign, verify } from './signed-token.js';
import { TokenCache } from './token-cache.js';

/** Header by which the gateway tells a service who is calling. */
export const IDENTITY_HEADER = 'x-identity';
/** The only process whose word about a caller counts. */
export const IDENTITY_ISSUER = 'api-gateway';

const PersonClaims = z.object({
  sub: z.uuid(),
  email: z.string(),
  name: z.string(),
  emailVerified: z.boolean(),
  sid: z.string(),
  issuer: z.string().optional(),
  externalId: z.string().optional(),
  exp: z.number(),
});
const KeyClaims = z.object({
  sub: z.uuid(),
  tenant: z.uuid(),
  name: z.string(),
  scopes: z.array(ApiScope),
  device: z.object({ eventId: z.uuid().nullable() }).optional(),
  exp: z.number(),
});
const Claims = z.union([KeyClaims, PersonClaims]);
const CAPACITY = 20_000;

/** The gateway's signed word to one service about one caller (EdDSA JWT, `typ` `identity+jwt`, ≤60 s). */
@Injectable()
export class IdentityTokens {
  private readonly signed = new TokenCache<{ principal: Principal; token: Promise<string> }>(CAPACITY);
  private readonly verified = new TokenCache<Principal>(CAPACITY);

  constructor(private readonly keys: ServiceKeys) {}

  /** Signs, or gives the token of the last half minute for the same session or key, facts and audience. */
  sign(principal: Principal, audience: string): Promise<string> {
    const session = isApiKey(principal) ? 'key' : principal.sessionId;
    const name = `${audience} ${session} ${principalId(principal)}`;
    const known = this.signed.get(name);
    if (known && sameFacts(known.principal, principal)) return known.token;
    const token = sign(this.keys, 'identity+jwt', audience, claimsOf(principal));
    this.signed.set(name, { principal, token }, Date.now() + REUSE * 1000);
    token.catch(() => this.signed.delete(name));
    return token;
  }

  /** What is already known of this token, without waiting. */
  known(token: string): Principal | undefined {
    return this.verified.get(token);
  }

  /** @throws when the gateway did not make it, or not for this service, or it has ended. */
  async verify(token: string): Promise<Principal> {
    const claims = Claims.parse(await verify(this.keys, 'identity+jwt', token, IDENTITY_ISSUER));
    const principal = Object.freeze('tenant' in claims ? keyOf(claims) : personOf(claims));
    this.verified.set(token, principal, claims.exp * 1000);
    return principal;
  }
}

function claimsOf(principal: Principal): Record<string, unknown> & { sub: string } {
  if (isApiKey(principal)) {
    const { keyId, tenantId, name, scopes, device } = principal;
    return { sub: keyId, tenant: tenantId, name, scopes, ...(device && { device }) };
  }
  const { userId, sessionId, ...facts } = principal;
  return { sub: userId, sid: sessionId, ...facts };
}

const keyOf = ({ sub, tenant, name, scopes, device }: z.infer<typeof KeyClaims>): ApiKey => ({
  keyId: sub,
  tenantId: tenant,
  name,
  scopes: Object.freeze(scopes),
  ...(device && { device }),
});

const personOf = ({ sub, sid, email, name, emailVerified, issuer, externalId }: z.infer<typeof PersonClaims>) => ({
  userId: sub,
  sessionId: sid,
  email,
  name,
  emailVerified,
  ...(issuer === undefined ? {} : { issuer }),
  ...(externalId === undefined ? {} : { externalId }),
});

function sameFacts(a: Principal, b: Principal): boolean {
  if (isApiKey(a) || isApiKey(b))
    return (
      isApiKey(a) &&
      isApiKey(b) &&
      a.tenantId === b.tenantId &&
      a.name === b.name &&
      sameDevice(a, b) &&
      sameScopes(a, b)
    );
  return FACTS.every((fact) => a[fact] === b[fact]);
}

const FACTS = ['email', 'name', 'emailVerified', 'issuer', 'externalId'] as const;

const sameDevice = (a: ApiKey, b: ApiKey) =>
  (a.device !== undefined) === (b.device !== undefined) && a.device?.eventId === b.device?.eventId;

const sameScopes = (a: ApiKey, b: ApiKey) =>
  a.scopes.length === b.scopes.length && a.scopes.every((scope) => b.scopes.includes(scope));
