import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InternalClient } from '@app/http';
import { z } from 'zod';

const Jwk = z.looseObject({ kid: z.string(), kty: z.literal('RSA'), n: z.string(), e: z.string() });
export const PublicJwks = z.object({ keys: z.array(Jwk) });
export type PublicJwk = z.infer<typeof Jwk>;

/** Unknown key ids cost nobody more than one request in this time (milliseconds). */
const COOL_DOWN_MS = 2000;

/**
 * The public keys of access tokens, from ticket-api. Asked for when a token names one that is not known; what was once
 * fetched stays usable while ticket-api is away.
 */
@Injectable()
export class SigningKeys {
  private published: PublicJwk[] = [];
  private keys = new Map<string, KeyObject>();
  private fetchedAt = 0;
  private fetching: Promise<void> | undefined;

  constructor(private readonly ticketApi: InternalClient) {}

  /** @throws ProblemError `service-unavailable` when the key is not known and ticket-api cannot be asked. */
  async find(kid: string): Promise<KeyObject | undefined> {
    if (!this.keys.has(kid) && Date.now() - this.fetchedAt > COOL_DOWN_MS) await this.fetch();
    return this.keys.get(kid);
  }

  /** Everything published, as in a JWKS. @throws ProblemError `service-unavailable` before the first fetch succeeds. */
  async all(): Promise<PublicJwk[]> {
    if (this.published.length === 0) await this.fetch();
    else if (Date.now() - this.fetchedAt > 60_000) await this.fetch().catch(() => undefined);
    return this.published;
  }

  private fetch(): Promise<void> {
    this.fetching ??= this.ticketApi
      .get('/internal/keys', PublicJwks)
      .then(({ keys }) => {
        this.published = keys;
        this.keys = new Map(keys.map((key) => [key.kid, createPublicKey({ key: key as JsonWebKey, format: 'jwk' })]));
        this.fetchedAt = Date.now();
      })
      .finally(() => (this.fetching = undefined));
    return this.fetching;
  }
}
