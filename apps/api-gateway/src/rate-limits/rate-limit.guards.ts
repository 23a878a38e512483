import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { networkOf, type ApiKey } from '@app/auth';
import { operationsOf } from '@app/http';
import { SecurityEvents, type SecurityFacts } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Limits, WINDOW, type Standing } from './limits.js';

/** Before anything else: how much this address asks, and how much of it is about signing in. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  constructor(
    private readonly limits: Limits,
    private readonly security: SecurityEvents,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // An IPv6 customer has a whole /64 of addresses to ask from.
    const network = networkOf(context.switchToHttp().getRequest<FastifyRequest>().ip);
    const [operation] = operationsOf(context.getHandler());
    const isAboutSigningIn = operation?.path.startsWith('/auth/') ?? false;
    const tell = (limit: string) => this.security.tell('request.rate-limited', { limit });
    return judge(context, tell, [
      this.limits.count('address', network),
      isAboutSigningIn && this.limits.count('auth', network),
    ]);
  }
}

/** A key may have a limit of its own, in requests a minute, below that of all keys. */
type LimitedKey = ApiKey & { requestsPerMinute?: number };

/**
 * Once the caller is known: how much this person asks, from wherever; or this key, and all keys of its organization
 * together. Buyers count for no organization, so that a rush on one of its events is never refused for its programs' sake.
 */
@Injectable()
export class CallerLimitGuard implements CanActivate {
  constructor(
    private readonly limits: Limits,
    private readonly security: SecurityEvents,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { identity, apiKey } = context.switchToHttp().getRequest<FastifyRequest>();
    if (apiKey) {
      const { keyId, tenantId, requestsPerMinute } = apiKey as LimitedKey;
      return judge(context, this.telling({ keyId, tenantId }), [
        this.limits.count('key', keyId, requestsPerMinute),
        this.limits.count('tenant', tenantId),
      ]);
    }
    if (!identity) return true;
    const { userId } = identity;
    return judge(context, this.telling({ userId }), [this.limits.count('caller', userId)]);
  }

  private telling = (who: SecurityFacts) => (limit: string) =>
    this.security.tell('request.rate-limited', { ...who, limit });
}

/** What counts is judged when it is counted; a guard that has nothing to wait for answers at once. */
function judge(
  context: ExecutionContext,
  tell: (limit: string) => void,
  counting: (Promise<Standing> | undefined | false)[],
): true | Promise<true> {
  const counted = counting.filter((standing) => !!standing);
  if (counted.length === 0) return true;
  return Promise.all(counted).then((standings) => settle(context, tell, standings));
}

/** Says where the caller stands (draft-ietf-httpapi-ratelimit-headers) and refuses what is too much; the first time is told. */
function settle(context: ExecutionContext, tell: (limit: string) => void, standings: Standing[]): true {
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  for (const { name, quota, remaining, reset } of standings) {
    append(reply, 'ratelimit-policy', `"${name}";q=${quota};w=${WINDOW}`);
    append(reply, 'ratelimit', `"${name}";r=${remaining};t=${reset}`);
  }
  const exceeded = standings.filter((standing) => standing.exceeded);
  if (exceeded.length === 0) return true;
  for (const { name, isFirst } of exceeded) if (isFirst) tell(name);
  void reply.header('retry-after', String(Math.max(...exceeded.map(({ reset }) => reset))));
  throw new ProblemError('too-many-requests', `At most ${exceeded[0]?.quota} a minute.`);
}

function append(reply: FastifyReply, header: string, item: string): void {
  const before = reply.getHeader(header);
  void reply.header(header, before === undefined ? item : `${String(before)}, ${item}`);
}
