import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { accessOf, TokenCache, type Identity } from '@app/auth';
import { openCheckout, receiveWebhook, returnFromCheckout, type Operation } from '@app/contracts';
import { operationsOf } from '@app/http';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { BearerGuard, CookieGuard, type Verified } from './access-token.strategies.js';
import { bearerOf, settle, type Credential, type Finding } from './credentials.js';
import { concernsSession, isForeign, isSameOrigin, writesByCookie } from './cross-site.js';
import { RevokedSessions } from './revoked-sessions.js';
import { sessionCookieNames } from './session-cookies.js';

const CAPACITY = 20_000;

/**
 * Decides who the caller is, from a Bearer token or the session's cookie. A credential that is given must be valid, also
 * where none is needed. Answers at once for tokens whose signature has been checked before.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly verified = new TokenCache<Identity>(CAPACITY);
  private readonly passport = { bearer: new BearerGuard(), cookie: new CookieGuard() };
  private readonly names;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'publicUrl'>,
    private readonly revoked: RevokedSessions,
  ) {
    this.names = sessionCookieNames(config.publicUrl);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(context.getHandler())?.kind === 'open') return true;
    const [operation] = operationsOf(context.getHandler());
    if (!operation) return false;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const credentials = explain(reply, () => this.presented(context, operation));
    const known = credentials.map(({ token }) => this.verified.get(token));
    const judge = (identities: (Identity | undefined)[]) =>
      explain(reply, () => this.judge(context, operation, credentials, identities));
    if (credentials.length === 0) return judge([]);
    if (this.revoked.isCurrent && known.every((identity) => identity !== undefined)) return judge(known);
    return this.verify(context, credentials).then(judge);
  }

  private presented(context: ExecutionContext, operation: Operation): Credential[] {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isByLinkOrSignature(operation)) return [];
    const bearer = bearerOf(request);
    const token = request.cookies[this.names.access];
    return [...(bearer ? [bearer] : []), ...(token ? [{ kind: 'cookie' as const, token }] : [])];
  }

  private judge(
    context: ExecutionContext,
    operation: Operation,
    credentials: Credential[],
    identities: (Identity | undefined)[],
  ): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const findings = credentials.map(({ kind }, at): Finding => {
      const identity = identities[at];
      return { kind, identity: identity && this.revoked.has(identity.sessionId) ? undefined : identity };
    });
    const identity = settle(operation, findings);
    const cookies = request.cookies;
    const byCookie = {
      access: credentials.length === 1 && credentials[0]?.kind === 'cookie',
      any: this.names.access in cookies || this.names.refresh in cookies,
    };
    if (writesByCookie(operation, request.method, byCookie) && !isSameOrigin(request, this.config.publicUrl))
      throw new ProblemError('cross-site-request', 'A write by cookie needs the Origin of this site.');
    const byBearer = credentials.some(({ kind }) => kind === 'bearer');
    if (concernsSession(operation) && !byBearer && isForeign(request, this.config.publicUrl))
      throw new ProblemError('cross-site-request', "Only this site's own pages may begin or end a session.");
    request.identity = identity;
    return true;
  }

  private async verify(context: ExecutionContext, credentials: Credential[]): Promise<(Identity | undefined)[]> {
    await this.revoked.makeCurrent();
    const identities: (Identity | undefined)[] = [];
    // One after the other: passport leaves its finding on the request.
    for (const credential of credentials)
      identities.push(this.verified.get(credential.token) ?? (await this.check(context, credential)));
    return identities;
  }

  private async check(context: ExecutionContext, { kind, token }: Credential): Promise<Identity | undefined> {
    try {
      await this.passport[kind].canActivate(context);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'unauthenticated') return undefined;
      throw error;
    }
    const { user } = context.switchToHttp().getRequest<FastifyRequest & { user: Verified }>();
    this.verified.set(token, user.identity, user.until);
    return user.identity;
  }
}

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
