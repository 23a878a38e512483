import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal, type ResourceAuthorizer } from '@app/auth';
import { stopsWhileSuspended, type ResourceRule } from '@app/contracts';
import type { FastifyRequest } from 'fastify';
import type { Location } from './access-policy.js';
import { ResourceAccess } from './resource-access.js';

/** Judges the rule of a route for the resource that its path names, with one look-up. */
@Injectable()
export class PathAuthorizer implements ResourceAuthorizer {
  constructor(private readonly access: ResourceAccess) {}

  /** What it finds reaches the handler as `@Located()`. */
  authorize(
    principal: Principal,
    rule: ResourceRule,
    params: Readonly<Record<string, string>>,
    { method }: Pick<FastifyRequest, 'method'>,
  ): Promise<Location> {
    const { resource, param, anyOf } = rule;
    const id = params[param];
    if (id === undefined) throw new Error(`The rule asks for :${param}, which the path does not have.`);
    return this.access.require(resource, id, principal, anyOf, {
      evenSuspended: !stopsWhileSuspended(rule, method),
      isSelf: !isApiKey(principal) && params.userId === principal.userId,
    });
  }
}
