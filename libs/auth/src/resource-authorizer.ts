import type { ResourceRule } from '@app/contracts';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './identity.js';

/** Nest token under which a service provides its `ResourceAuthorizer`. Operations with a `ResourceRule` need one. */
export const RESOURCE_AUTHORIZER = Symbol('RESOURCE_AUTHORIZER');

export interface ResourceAuthorizer {
  /**
   * Returns when `principal` may act on the resource that `params[rule.param]` names; what it returns reaches the handler
   * as `@Authorization()`. Ids in `params` are lower-case UUIDs by now.
   * @throws ProblemError `not-found` (also for another person's private resource) or `forbidden`.
   */
  authorize(
    principal: Principal,
    rule: ResourceRule,
    params: Readonly<Record<string, string>>,
    request: FastifyRequest,
  ): unknown;
}
