import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceKeys } from './service-keys.js';
import { REUSE, sign, verify } from './signed-token.js';
import { TokenCache } from './token-cache.js';

const CAPACITY = 1000;

/** A service's own word to another one (EdDSA JWT, `typ` `service+jwt`, ≤60 s), each with its own key. */
@Injectable()
export class ServiceTokens {
  private readonly signed = new TokenCache<Promise<string>>(CAPACITY);
  private readonly verified = new TokenCache<string>(CAPACITY);

  constructor(private readonly keys: ServiceKeys) {}

  sign(audience: string): Promise<string> {
    const known = this.signed.get(audience);
    if (known) return known;
    const token = sign(this.keys, 'service+jwt', audience, {});
    this.signed.set(audience, token, Date.now() + REUSE * 1000);
    token.catch(() => this.signed.delete(audience));
    return token;
  }

  /** A word about one body: the token holds its SHA-256, so that nobody between us can exchange the one or the other. */
  signBody(audience: string, body: string | Buffer): Promise<string> {
    return sign(this.keys, 'service+jwt', audience, { body: digestOf(body) });
  }

  /** The name of the service that signed this very body. @throws like `verify`, and when it signed another one or none. */
  async verifyBody(token: string, body: Buffer): Promise<string> {
    const claims = await verify(this.keys, 'service+jwt', token);
    if (claims.body !== digestOf(body)) throw new Error('The token was made for another body.');
    return claims.iss;
  }

  /**
   * The name of the calling service.
   * @throws when the token is not for this service, has ended, is no service's, or was made for one body: who saw it pass
   * could send it with another one elsewhere.
   */
  async verify(token: string): Promise<string> {
    const known = this.verified.get(token);
    if (known !== undefined) return known;
    const { iss, exp, body } = await verify(this.keys, 'service+jwt', token);
    if (body !== undefined) throw new Error('The token was made for one body alone.');
    this.verified.set(token, iss, exp * 1000);
    return iss;
  }
}

const digestOf = (body: string | Buffer) => createHash('sha256').update(body).digest('base64url');
