import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteCaller } from './note-caller.js';
import { isApiKey, type Principal } from './identity.js';
import { IDENTITY_HEADER, IdentityTokens } from './identity-tokens.js';
import { readPathIds } from './path-ids.js';
import { requireScopes } from './key-scopes.js';
import { PlatformAdmins } from './platform-admins.js';
import { RESOURCE_AUTHORIZER, type ResourceAuthorizer } from './resource-authorizer.js';
import { accessOf, type RouteAccess } from './route-access.js';
import { ServiceCaller } from './service-caller.js';

type Rule = Extract<RouteAccess, { kind: 'operation' }>;

/**
 * Judges every route of a service by its access rule: first who calls (401), then whether the path names something
 * (404) and the caller may act on it (403, 404). It answers at once when the caller's token is known and the rule asks for
 * no resource; the body has not been looked at yet.
 */
@Injectable()
export class OperationGuard implements CanActivate {
  constructor(
    private readonly identities: IdentityTokens,
    private readonly services: ServiceCaller,
    private readonly admins: PlatformAdmins,
    private readonly security: SecurityEvents,
    @Optional() @Inject(RESOURCE_AUTHORIZER) private readonly authorizer?: ResourceAuthorizer,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const rule = accessOf(context.getHandler());
    if (rule === undefined) return false;
    if (rule.kind === 'open') return true;
    if (rule.kind === 'internal')
      return this.services.authenticate(request, rule).then(() => {
        readPathIds(request.params as Record<string, string>, null);
        return true;
      });

    const reply = http.getResponse<FastifyReply>();
    const token = request.headers[IDENTITY_HEADER];
    if (token === undefined) return this.judge(request, reply, rule, null);
    if (typeof token !== 'string') return this.refuseIdentity(reply);
    const known = this.identities.known(token);
    if (known) return this.judge(request, reply, rule, known);
    return this.identities.verify(token).then(
      (principal) => this.judge(request, reply, rule, principal),
      () => this.refuseIdentity(reply),
    );
  }

  /** Only the gateway speaks to this port: a word about a caller that is not its own is somebody's who got past it. */
  private refuseIdentity(reply: FastifyReply): never {
    this.security.tell('auth.identity-refused');
    return refuse(reply);
  }

  private judge(
    request: FastifyRequest,
    reply: FastifyReply,
    rule: Rule,
    principal: Principal | null,
  ): boolean | Promise<boolean> {
    if (principal === null) return this.decide(request, reply, rule, null);
    const tell = (error: unknown): never => {
      if (error instanceof ProblemError) this.tellRefusal(request, principal, error);
      throw error;
    };
    try {
      const verdict = this.decide(request, reply, rule, principal);
      return verdict instanceof Promise ? verdict.catch(tell) : verdict;
    } catch (error) {
      return tell(error);
    }
  }

  /** What is hidden from the caller is `not-found` as well as what is not there. */
  private tellRefusal({ method, routeOptions: { url } }: FastifyRequest, principal: Principal, { code }: ProblemError) {
    const who = isApiKey(principal) ? { keyId: principal.keyId } : { userId: principal.userId };
    this.security.tell('access.refused', { ...who, route: `${method} ${url}`, reason: code });
  }

  private decide(
    request: FastifyRequest,
    reply: FastifyReply,
    { access, scopes }: Rule,
    principal: Principal | null,
  ): boolean | Promise<boolean> {
    if (principal === null && access !== 'anyone') refuse(reply);
    const key = principal && isApiKey(principal) ? requireScopes(principal, access, scopes) : null;
    const person = principal && !isApiKey(principal) ? principal : null;
    request.identity = person;
    request.apiKey = key;
    const params = request.params as Record<string, string>;
    readPathIds(params, person);
    if (access === 'admin') this.admins.require(person);
    const caller = person ?? key;
    if (caller) noteCaller(caller, access === 'admin');
    if (typeof access === 'string' || caller === null) return true;
    if (!this.authorizer) throw new Error('There is no ResourceAuthorizer to judge the rule of this route.');
    const verdict = this.authorizer.authorize(caller, access, params, request);
    if (!(verdict instanceof Promise)) return keep(request, verdict);
    return verdict.then((authorization: unknown) => keep(request, authorization));
  }
}

function keep(request: FastifyRequest, authorization: unknown): true {
  request.authorization = authorization;
  return true;
}

/** RFC 9110 wants every 401 to name a way of signing in. */
function refuse(reply: FastifyReply): never {
  void reply.header('www-authenticate', 'Bearer');
  throw new ProblemError('unauthenticated');
}
