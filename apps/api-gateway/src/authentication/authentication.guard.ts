import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  accessOf,
  isApiKey,
  networkOf,
  principalId,
  TokenCache,
  whyRefused,
  type Identity,
  type Principal,
} from '@app/auth';
import { openCheckout, receiveWebhook, returnFromCheckout, type Operation } from '@app/contracts';
import { operationsOf } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { BearerGuard, CookieGuard, type Verified } from './access-token.strategies.js';
import { ApiKeys } from './api-keys.js';
import { apiKeyOf, bearerOf, isPlainlyWritten, settle, type Credential, type Finding } from './credentials.js';
import { concernsSession, isForeign, isSameOrigin, writesByCookie } from './cross-site.js';
import { ExternalPersons } from './issuers/external-persons.js';
import { RevokedSessions } from './revoked-sessions.js';
import { sessionCookieNames } from './session-cookies.js';

const CAPACITY = 20_000;

/**
 * Decides who the caller is, from a Bearer token (of ours or of a configured issuer), the session's cookie or an organization's key. A credential that is given must be valid, also
 * where none is needed. Answers at once for tokens whose signature has been checked before.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly verified = new TokenCache<Identity>(CAPACITY);
  private readonly passport = { bearer: new BearerGuard(), cookie: new CookieGuard() };
  private readonly names;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'publicUrl' | 'corsOrigins'>,
    private readonly revoked: RevokedSessions,
    private readonly keys: ApiKeys,
    private readonly externals: ExternalPersons,
    private readonly security: SecurityEvents,
  ) {
    this.names = sessionCookieNames(config.publicUrl);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(context.getHandler())?.kind === 'open') return true;
    const [operation] = operationsOf(context.getHandler());
    if (!operation) return false;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const credentials = explain(reply, () => this.presented(context, operation));
    const known = credentials.map((credential) => this.known(credential));
    const judge = (principals: Found[]) =>
      explain(reply, () => this.judge(context, operation, credentials, principals));
    if (credentials.length === 0) return judge([]);
    if (this.isCurrentFor(credentials) && known.every((found) => found !== undefined)) return judge(known);
    return this.verify(context, credentials).then(judge);
  }

  /**
   * Whether the credentials of a request that was let in still name its caller: for answers that go on.
   * @throws when that cannot be told at the moment
   */
  async stillHolds(
    operation: Operation,
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Principal,
  ): Promise<boolean> {
    const context = new ExecutionContextHost([request, reply]);
    try {
      const credentials = this.presented(context, operation);
      const found = await this.verify(context, credentials);
      const isCaller = (one: Found) => !!one && !this.hasEnded(one) && principalId(one) === principalId(caller);
      return found.length > 0 && found.every(isCaller);
    } catch (error) {
      if (error instanceof ProblemError && error.code !== 'service-unavailable') return false;
      throw error;
    }
  }

  private presented(context: ExecutionContext, operation: Operation): Credential[] {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isByLinkOrSignature(operation)) return [];
    const bearer = bearerOf(request);
    const key = apiKeyOf(request);
    const token = request.cookies[this.names.access];
    return [...(bearer ? [bearer] : []), ...(key ? [key] : []), ...(token ? [{ kind: 'cookie' as const, token }] : [])];
  }

  private judge(
    context: ExecutionContext,
    operation: Operation,
    credentials: Credential[],
    principals: Found[],
  ): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const findings = credentials.map(({ kind }, at): Finding => {
      const found = principals[at] ?? undefined;
      if (!found && kind === 'key') this.security.tell('auth.api-key-refused', { reason: 'unknown' });
      return { kind, principal: this.hasEnded(found) ? undefined : found };
    });
    const principal = settle(operation, findings);
    const cookies = request.cookies;
    const byCookie = {
      access: credentials.length === 1 && credentials[0]?.kind === 'cookie',
      any: this.names.access in cookies || this.names.refresh in cookies,
    };
    if (writesByCookie(operation, request.method, byCookie) && !isSameOrigin(request, this.config))
      this.refuseCrossSite(operation, principal, 'A write by cookie needs the Origin of this site.');
    const byBearer = credentials.some(({ kind }) => kind !== 'cookie');
    if (concernsSession(operation) && !byBearer && isForeign(request, this.config))
      this.refuseCrossSite(operation, principal, "Only this site's own pages may begin or end a session.");
    request.identity = principal && !isApiKey(principal) ? principal : null;
    request.apiKey = principal && isApiKey(principal) ? principal : null;
    return true;
  }

  private hasEnded(found: Principal | undefined): boolean {
    if (!found || isApiKey(found) || !this.revoked.has(found.sessionId)) return false;
    const { userId, sessionId } = found;
    this.security.tell('auth.access-token-refused', { userId, sessionId, reason: 'session-ended' });
    return true;
  }

  private refuseCrossSite({ method, path }: Operation, principal: Found, why: string): never {
    const userId = principal && !isApiKey(principal) ? principal.userId : undefined;
    this.security.tell('request.cross-site-refused', { userId, route: `${method} ${path}` });
    throw new ProblemError('cross-site-request', why);
  }

  private known({ kind, token }: Credential): Found | undefined {
    if (kind === 'key') return this.keys.known(token);
    const found = this.verified.get(token);
    // Where it was a Bearer token a moment before, a token of another issuer is no session of ours.
    return kind === 'cookie' && found?.issuer ? undefined : found;
  }

  /** Keys belong to no session. */
  private isCurrentFor(credentials: Credential[]): boolean {
    return this.revoked.isCurrent || credentials.every(({ kind }) => kind === 'key');
  }

  private async verify(context: ExecutionContext, credentials: Credential[]): Promise<Found[]> {
    if (!this.isCurrentFor(credentials)) await this.revoked.makeCurrent();
    const found: Found[] = [];
    // One after the other: passport leaves its finding on the request.
    for (const credential of credentials)
      found.push(this.known(credential) ?? (await this.check(context, credential)) ?? null);
    return found;
  }

  private async check(context: ExecutionContext, { kind, token }: Credential): Promise<Principal | undefined | null> {
    if (kind === 'key') {
      const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
      return this.keys.find(token, networkOf(ip));
    }
    if (!isPlainlyWritten(token)) return this.refuse('malformed');
    if (kind === 'bearer' && this.externals.claims(token)) {
      const found = await this.externals.find(token);
      if (found) this.verified.set(token, found.identity, found.until);
      return found?.identity;
    }
    try {
      await this.passport[kind].canActivate(context);
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'unauthenticated')) throw error;
      return this.refuse(whyRefused(error.cause));
    }
    const { user } = context.switchToHttp().getRequest<FastifyRequest & { user: Verified }>();
    this.verified.set(token, user.identity, user.until);
    return user.identity;
  }

  private refuse(reason: string | undefined): undefined {
    if (reason) this.security.tell('auth.access-token-refused', { reason });
  }
}

/** Whom a credential names; null when it names nobody. */
type Found = Principal | null;

/** A checkout link or Stripe's signature alone decides there: whoever is signed in is of no account. */
const isByLinkOrSignature = ({ id }: Operation) =>
  id === openCheckout.id || id === returnFromCheckout.id || id === receiveWebhook.id;

/** RFC 9110 wants every 401 to name a way of signing in. */
function explain<T>(reply: FastifyReply, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'unauthenticated')
      void reply.header('www-authenticate', 'Bearer');
    throw error;
  }
}
