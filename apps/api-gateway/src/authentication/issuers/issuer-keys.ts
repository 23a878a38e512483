import { Logger } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { z } from 'zod';
import { isSafeAddress, type OidcIssuer } from './oidc-issuers.js';

/** Milliseconds. Keys are asked for again after this time, so that one that was withdrawn counts no longer. */
const MAX_AGE = 10 * 60_000;
/** While the issuer is away its keys stay good for so long. */
const STALE_FOR = 24 * 3_600_000;
/** Unknown key ids, and an issuer that is away, cost nobody more than one request in this time. */
const COOL_DOWN = 5_000;
const TIME_OUT = 2_000;
/** Bytes of a document of an issuer's. */
const LARGEST = 256 * 1024;

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string().refine(isSafeAddress) });
const Jwk = z.looseObject({ kty: z.string(), use: z.string().optional() });
const Jwks = z.looseObject({ keys: z.array(Jwk) });

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The public keys of one issuer. What was once fetched stays usable for a day while the issuer is away. */
export class IssuerKeys {
  private readonly log = new Logger('OIDC');
  private keys: KeySet | undefined;
  private fetchedAt = -Infinity;
  private triedAt = -Infinity;
  private hasFailed = false;
  private fetching: Promise<void> | undefined;

  constructor(private readonly issuer: Pick<OidcIssuer, 'issuer' | 'jwksUri'>) {}

  /**
   * The key that a header names; `kid` and `alg` choose among the issuer's, other fields count for nothing.
   * @throws ProblemError `service-unavailable` when the issuer cannot be asked; jose's errors for a key that it has not.
   */
  async find(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (Date.now() - this.fetchedAt > MAX_AGE) await this.renew();
    if (!this.keys || Date.now() - this.fetchedAt > STALE_FOR) throw this.unavailable();
    try {
      return await this.keys(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.renew();
      if (this.hasFailed) throw this.unavailable();
      return this.keys(header);
    }
  }

  /** Asks, unless that was done a moment ago. */
  private async renew(): Promise<void> {
    if (!this.fetching && Date.now() - this.triedAt < COOL_DOWN) return;
    this.fetching ??= this.fetch()
      .then(
        () => (this.hasFailed = false),
        (error: unknown) => {
          this.hasFailed = true;
          this.log.warn(`No keys of ${this.issuer.issuer}: ${String(error)}`);
        },
      )
      .then(() => (this.fetching = undefined));
    await this.fetching;
  }

  private async fetch(): Promise<void> {
    this.triedAt = Date.now();
    const { keys } = Jwks.parse(await read(this.issuer.jwksUri ?? (await this.discover())));
    const usable = keys.filter(({ kty, use }) => kty !== 'oct' && use !== 'enc');
    this.keys = createLocalJWKSet({ keys: usable } as JSONWebKeySet);
    this.fetchedAt = Date.now();
  }

  /** OpenID Connect Discovery §4: the document has to be of the issuer that it was asked of. */
  private async discover(): Promise<string> {
    const { issuer } = this.issuer;
    const found = Discovery.parse(await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    if (found.issuer !== issuer) throw new Error('its discovery document is of another issuer');
    return found.jwks_uri;
  }

  private unavailable = () =>
    new ProblemError('service-unavailable', 'The issuer of the token cannot be asked for its keys.', {
      retryAfter: COOL_DOWN / 1000,
    });
}

/** A JSON document, from this very address: a redirection could lead anywhere. */
async function read(address: string): Promise<unknown> {
  const answer = await fetch(address, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIME_OUT),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    // Leaving the loop ends the connection.
    if (size > LARGEST) throw new Error('the document is too large');
    chunks.push(chunk as Uint8Array);
  }
  if (answer.status !== 200) throw new Error(`the answer is ${answer.status}`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
