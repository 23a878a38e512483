import { createPublicKey, type KeyObject } from 'node:crypto';
import type { User } from '@app/contracts';
import { calculateJwkThumbprint, exportJWK, SignJWT, type JSONWebKeySet } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { readPrivateKey } from '../private-key.js';

/** Seconds that an access token lasts. A session that was revoked is refused by the gateway long before. */
export const ACCESS_TOKEN_SECONDS = 600;
export const ACCESS_TOKEN_AUDIENCE = 'ticketing';

const RSA = {
  name: 'an RSA private key of at least 2048 bits',
  includes: ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) =>
    asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
};

/** Signs access tokens (RS256, RFC 9068) and gives the keys to check them with. */
export class AccessTokens {
  private constructor(
    private readonly issuer: string,
    private readonly key: KeyObject,
    /** For `/.well-known/jwks.json`. */
    readonly keySet: JSONWebKeySet,
    private readonly keyId: string,
  ) {}

  /**
   * @param privateKey RSA, ≥2048 bits: PKCS#8 DER in base64
   * @param issuer the gateway's public address
   * @throws ConfigurationError when the key is none of that
   */
  static async from(privateKey: string, issuer: string): Promise<AccessTokens> {
    const key = readPrivateKey('ACCESS_TOKEN_KEY', privateKey, RSA);
    const jwk = await exportJWK(createPublicKey(key));
    const kid = await calculateJwkThumbprint(jwk);
    return new AccessTokens(issuer, key, { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] }, kid);
  }

  sign({ id, email, name, emailVerified }: User, sessionId: string): Promise<string> {
    return new SignJWT({ sid: sessionId, email, name, email_verified: emailVerified })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: this.keyId })
      .setIssuer(this.issuer)
      .setAudience(ACCESS_TOKEN_AUDIENCE)
      .setSubject(id)
      .setJti(uuidv7())
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(this.key);
  }
}
