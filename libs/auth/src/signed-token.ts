import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { ServiceKeys } from './service-keys.js';

/** Clocks of two machines may differ by this much (seconds). */
export const CLOCK_TOLERANCE = 60;
/** No token between our own processes lives longer (seconds). */
export const TOKEN_LIFETIME = 60;
/** A signed token is used again this long (seconds), so it always has half a minute left when it is sent. */
export const REUSE = 30;

/** The kinds of tokens between our processes: `typ` keeps one from being taken for another. */
export type TokenType = 'identity+jwt' | 'service+jwt' | 'proven-identity+jwt';

export function sign(keys: ServiceKeys, typ: TokenType, audience: string, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: keys.service })
    .setIssuer(keys.service)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_LIFETIME}s`)
    .sign(keys.signingKey);
}

/**
 * The claims of a token that `issuer` (any service if undefined) made for this service.
 * `kid` only looks up a key; the algorithm is fixed, the issuer must be the key's owner.
 * @throws jose's errors when anything does not fit.
 */
export async function verify(
  keys: ServiceKeys,
  typ: TokenType,
  token: string,
  issuer?: string,
): Promise<JWTPayload & { iss: string; exp: number }> {
  let signer = '';
  const { payload } = await jwtVerify(
    token,
    ({ kid }) => {
      signer = issuer ?? kid ?? '';
      const key = keys.publicKeyOf(signer);
      if (!key) throw new Error('unknown signer');
      return key;
    },
    {
      algorithms: ['EdDSA'],
      typ,
      audience: keys.service,
      clockTolerance: CLOCK_TOLERANCE,
      maxTokenAge: TOKEN_LIFETIME,
      requiredClaims: ['iss', 'exp', 'iat'],
    },
  );
  if (payload.iss !== signer) throw new Error('the issuer is not the owner of the key');
  return payload as typeof payload & { iss: string; exp: number };
}
