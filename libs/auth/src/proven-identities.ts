import { Injectable } from '@nestjs/common';
import { ResolveExternalIdentity } from '@app/contracts';
import { IDENTITY_ISSUER } from './identity-tokens.js';
import { ServiceKeys } from './service-keys.js';
import { sign, verify } from './signed-token.js';

/** Header by which the gateway tells a service what a token of another issuer, which lies in the body, has proven. */
export const PROVEN_IDENTITY_HEADER = 'x-proven-identity';

/**
 * The gateway's signed word that a caller has shown a good token of another issuer (EdDSA JWT, `typ` `proven-identity+jwt`,
 * ≤60 s). The word is about that caller alone: nobody else gets anything by it.
 */
@Injectable()
export class ProvenIdentities {
  constructor(private readonly keys: ServiceKeys) {}

  sign(userId: string, stated: ResolveExternalIdentity, audience: string): Promise<string> {
    return sign(this.keys, 'proven-identity+jwt', audience, { sub: userId, stated });
  }

  /** What was proven; undefined without a word, and for one that the gateway did not give this service about this person. */
  async of(userId: string, word: unknown): Promise<ResolveExternalIdentity | undefined> {
    if (typeof word !== 'string') return undefined;
    const claims = await verify(this.keys, 'proven-identity+jwt', word, IDENTITY_ISSUER).catch(() => undefined);
    return claims?.sub === userId ? ResolveExternalIdentity.parse(claims['stated']) : undefined;
  }
}
