import { Injectable } from '@nestjs/common';
import { CLOCK_TOLERANCE, whyRefused, type Identity } from '@app/auth';
import { ResolvedPerson } from '@app/contracts';
import { InternalClient } from '@app/http';
import type { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import { decodeJwt, jwtVerify } from 'jose';
import type { Verified } from '../access-token.strategies.js';
import { IssuerKeys } from './issuer-keys.js';
import type { OidcIssuer } from './oidc-issuers.js';
import { factsOf, isForUs, type TokenFacts } from './token-facts.js';

/** What is known of a token is asked for again after this time, so that an erased account is refused within five seconds. */
const FRESH_MS = 4_000;
/** Seconds since `iat` that a token counts at most, whatever `exp` says: Cognito's longest. */
const LONGEST_LIFE = 24 * 3_600;

/** Persons for whom a configured issuer vouches. Its tokens are judged by its own keys and rules, and ours never are. */
@Injectable()
export class ExternalPersons {
  private readonly issuers: ReadonlyMap<string, { rules: OidcIssuer; keys: IssuerKeys }>;
  private readonly asking = new Map<string, Promise<Verified | undefined>>();

  constructor(
    issuers: readonly OidcIssuer[],
    private readonly ticketApi: InternalClient,
    private readonly security: SecurityEvents,
  ) {
    this.issuers = new Map(issuers.map((rules) => [rules.issuer, { rules, keys: new IssuerKeys(rules) }]));
  }

  /** Whether the token says that it is of a configured issuer; nothing else of it is believed yet. */
  claims(token: string): boolean {
    return this.issuers.size > 0 && this.issuerOf(token) !== undefined;
  }

  /**
   * Its person; undefined when the token does not fit. Many requests with one token are one question.
   * @throws ProblemError `service-unavailable` when the issuer, or ticket-api, cannot be asked.
   */
  find(token: string): Promise<Verified | undefined> {
    const asked = this.asking.get(token);
    if (asked) return asked;
    const asking = this.ask(token).finally(() => this.asking.delete(token));
    this.asking.set(token, asking);
    return asking;
  }

  private async ask(token: string): Promise<Verified | undefined> {
    const facts = await this.verify(token);
    if (!facts) return undefined;
    const asked = Date.now();
    const { stated, sessionId, until } = facts;
    const { person } = await this.ticketApi.post('/internal/external-identities/resolve', stated, ResolvedPerson);
    if (!person) return this.refuse(stated.issuer, 'person');
    const identity: Identity = Object.freeze({ ...person, sessionId, issuer: stated.issuer });
    return { identity, until: Math.min(until, asked + FRESH_MS) };
  }

  /**
   * What the token says of its person, if it fits; nobody gets an account by it.
   * @throws ProblemError `service-unavailable` when the issuer cannot be asked.
   */
  async verify(token: string): Promise<TokenFacts | undefined> {
    const issuer = this.issuerOf(token);
    if (!issuer) return undefined;
    const { rules, keys } = issuer;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => keys.find(header), {
        issuer: rules.issuer,
        algorithms: [...rules.algorithms],
        clockTolerance: CLOCK_TOLERANCE,
        maxTokenAge: LONGEST_LIFE,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      if (!isForUs(rules, protectedHeader, payload)) return this.refuse(rules.issuer, 'not-for-us');
      return factsOf(rules, payload) ?? this.refuse(rules.issuer, 'names-nobody');
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      return this.refuse(rules.issuer, whyRefused(error));
    }
  }

  private refuse(issuer: string, reason: string | undefined): undefined {
    if (reason) this.security.tell('auth.issuer-token-refused', { issuer, reason });
  }

  private issuerOf(token: string) {
    try {
      const { iss } = decodeJwt(token);
      return typeof iss === 'string' ? this.issuers.get(iss) : undefined;
    } catch {
      return undefined;
    }
  }
}
