import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Identity } from './identity.js';
import { ServiceKeys } from './service-keys.js';
import { REUSE, sign, verify } from './signed-token.js';
import { TokenCache } from './token-cache.js';

/** Header by which the gateway tells a service who is calling. */
export const IDENTITY_HEADER = 'x-identity';
/** The only process whose word about a person counts. */
export const IDENTITY_ISSUER = 'api-gateway';

const Claims = z.object({
  sub: z.uuid(),
  email: z.string(),
  name: z.string(),
  emailVerified: z.boolean(),
  sid: z.string(),
  exp: z.number(),
});
const CAPACITY = 20_000;

/** The gateway's signed word to one service about one person (EdDSA JWT, `typ` `identity+jwt`, ≤60 s). */
@Injectable()
export class IdentityTokens {
  private readonly signed = new TokenCache<{ identity: Identity; token: Promise<string> }>(CAPACITY);
  private readonly verified = new TokenCache<Identity>(CAPACITY);

  constructor(private readonly keys: ServiceKeys) {}

  /** Signs, or gives the token of the last half minute for the same session, facts and audience. */
  sign(identity: Identity, audience: string): Promise<string> {
    const key = `${audience} ${identity.sessionId} ${identity.userId}`;
    const known = this.signed.get(key);
    if (known && sameFacts(known.identity, identity)) return known.token;
    const { userId, sessionId, ...facts } = identity;
    const token = sign(this.keys, 'identity+jwt', audience, { sub: userId, sid: sessionId, ...facts });
    this.signed.set(key, { identity, token }, Date.now() + REUSE * 1000);
    token.catch(() => this.signed.delete(key));
    return token;
  }

  /** What is already known of this token, without waiting. */
  known(token: string): Identity | undefined {
    return this.verified.get(token);
  }

  /** @throws when the gateway did not make it, or not for this service, or it has ended. */
  async verify(token: string): Promise<Identity> {
    const claims = Claims.parse(await verify(this.keys, 'identity+jwt', token, IDENTITY_ISSUER));
    const { sub, sid, email, name, emailVerified, exp } = claims;
    const identity = Object.freeze({ userId: sub, sessionId: sid, email, name, emailVerified });
    this.verified.set(token, identity, exp * 1000);
    return identity;
  }
}

const sameFacts = (a: Identity, b: Identity) =>
  a.email === b.email && a.name === b.name && a.emailVerified === b.emailVerified;
