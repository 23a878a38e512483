import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

export const PUBLIC_URL = 'http://localhost:3000';

/** An RSA key as ticket-api has one, and tokens by it. */
export class AccessTokens {
  private readonly pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor(readonly kid: string) {}

  get publicKey(): KeyObject {
    return this.pair.publicKey;
  }

  get jwk() {
    return { ...this.pair.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: 'RS256', use: 'sig' };
  }

  /** A token of `userId`; `claims` and `header` replace what a right one has. */
  sign(userId: string, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
    return this.signBy(this.pair.privateKey, 'RS256', userId, claims, header);
  }

  /** The same by another key. */
  signBy(
    key: KeyObject,
    alg: string,
    userId: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = {
      sub: userId,
      sid: `session-of-${userId}`,
      email: 'ada@example.com',
      name: 'Ada',
      email_verified: true,
    };
    const times = { iss: PUBLIC_URL, aud: 'ticketing', iat: now, exp: now + 600 };
    return new SignJWT({ ...all, ...times, ...claims })
      .setProtectedHeader({ alg, typ: 'at+jwt', kid: this.kid, ...header })
      .sign(key);
  }

  /** Any header and payload under a signature by `key`, which the libraries would refuse to make. */
  forge(header: object, payload: object, signature: (input: string) => string): string {
    return this.forgeText(JSON.stringify(header), JSON.stringify(payload), signature);
  }

  /** The same of texts, which need not be JSON. */
  forgeText(header: string, payload: string, signature = (input: string) => this.rawSignature(input)): string {
    const part = (text: string) => Buffer.from(text).toString('base64url');
    const input = `${part(header)}.${part(payload)}`;
    return `${input}.${signature(input)}`;
  }

  rawSignature(input: string): string {
    return createSign('RSA-SHA256').update(input).sign(this.pair.privateKey, 'base64url');
  }
}
