import { Injectable } from '@nestjs/common';
import { apiKeyHash, isApiKeyText, TokenCache, type ApiKey } from '@app/auth';
import { FoundApiKey } from '@app/contracts';
import { InternalClient } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { consume } from '../rate-limits/counter.js';

/** A key as the gateway knows it. */
export interface GatewayApiKey extends ApiKey {
  /** The key's own limit, if its maker set one. */
  requestsPerMinute?: number;
}

/** What is known of a key is asked for again after this time, so that a revoked one is refused within five seconds. */
const FRESH_MS = 4_000;
/** Keys that were good within this time are asked for whatever else comes from their address. */
const MEMORY_MS = 600_000;
const CAPACITY = 20_000;
/** Keys that are none, from one address in a minute. */
const GUESSES = 60;

/** What ticket-api said of a key: a name, or why it may not be used. */
type Known =
  { key: GatewayApiKey } | { refusal: 'unknown' } | { refusal: 'suspended'; keyId: string; tenantId: string };

/** Whose an organization's key is, from ticket-api. Only hashes are kept here and sent. */
@Injectable()
export class ApiKeys {
  private readonly good = new TokenCache<Known>(CAPACITY);
  /** Apart from the good ones, so that guesses push none of them out. */
  private readonly bad = new TokenCache<Known>(CAPACITY);
  private readonly wasGood = new TokenCache<true>(CAPACITY);
  private readonly asking = new Map<string, Promise<Known>>();
  private readonly guesses = new RateLimiterMemory({ points: GUESSES, duration: 60 });

  constructor(
    private readonly ticketApi: InternalClient,
    private readonly security: SecurityEvents,
  ) {}

  /** What is known without waiting; undefined: ask. @throws ProblemError `organization-suspended`. */
  known(text: string): GatewayApiKey | null | undefined {
    if (!isApiKeyText(text)) return null;
    const hash = hashOf(text);
    const known = this.good.get(hash) ?? this.bad.get(hash);
    return known && this.read(known);
  }

  /**
   * The key; null for one that may not be used.
   * @throws ProblemError `service-unavailable` when ticket-api cannot be asked; `organization-suspended`;
   * `too-many-requests` when too many from this address were none.
   */
  async find(text: string, address: string): Promise<GatewayApiKey | null> {
    const known = this.known(text);
    if (known !== undefined) return known;
    const hash = hashOf(text);
    if (!this.wasGood.get(hash)) await this.refuseGuessing(address);
    let asking = this.asking.get(hash);
    if (!asking) {
      asking = this.ask(hash).finally(() => this.asking.delete(hash));
      this.asking.set(hash, asking);
    }
    const found = await asking;
    if ('refusal' in found && found.refusal === 'unknown') await this.countGuess(address);
    return this.read(found);
  }

  private async countGuess(address: string): Promise<void> {
    const { counted, exceeded } = await consume(this.guesses, address);
    if (!exceeded && counted.remainingPoints === 0)
      this.security.tell('request.rate-limited', { limit: 'key-guesses' });
  }

  private read(known: Known): GatewayApiKey | null {
    if ('key' in known) return known.key;
    if (known.refusal === 'unknown') return null;
    const { keyId, tenantId } = known;
    this.security.tell('auth.api-key-refused', { keyId, tenantId, reason: 'organization-suspended' });
    throw new ProblemError('organization-suspended');
  }

  private async ask(hash: string): Promise<Known> {
    // What was revoked while the answer was on its way was revoked after this.
    const asked = Date.now();
    const { key } = await this.ticketApi.post('/internal/api-keys/find', { hash }, FoundApiKey);
    const known = toKnown(key);
    const ends = key?.expiresAt ? Date.parse(key.expiresAt) : Infinity;
    const cache = 'key' in known ? this.good : this.bad;
    cache.set(hash, known, Math.min(asked + FRESH_MS, ends));
    if ('key' in known) this.wasGood.set(hash, true, asked + MEMORY_MS);
    return known;
  }

  private async refuseGuessing(address: string): Promise<void> {
    const standing: RateLimiterRes | null = await this.guesses.get(address);
    if (standing && standing.consumedPoints >= GUESSES)
      throw new ProblemError('too-many-requests', 'Too many keys from here were none.', {
        retryAfter: Math.max(1, Math.ceil(standing.msBeforeNext / 1000)),
      });
  }
}

const hashOf = (text: string) => apiKeyHash(text).toString('base64url');

function toKnown(found: FoundApiKey['key']): Known {
  if (!found) return { refusal: 'unknown' };
  const { id: keyId, tenantId, name, scopes, rateLimit, device } = found;
  if (found.suspended) return { refusal: 'suspended', keyId, tenantId };
  const limit = rateLimit === null ? {} : { requestsPerMinute: rateLimit };
  return {
    key: Object.freeze({ keyId, tenantId, name, scopes: Object.freeze(scopes), ...(device && { device }), ...limit }),
  };
}
