import { HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/internal';
import { RouteConfig } from '@nestjs/platform-fastify';
import { declareAccess } from '@app/auth';
import type { Operation as Contract } from '@app/contracts';
import type { FastifyContextConfig } from 'fastify';
import { z } from 'zod';
import { API_PREFIX } from './api-prefix.js';
import { declaredAnswer } from './declared-answer.js';
import { judgeParameter } from './request-parameter.js';

const OPERATIONS = 'ticketing:operations';

const NoBody = z.strictObject({}).optional();
const NoQuery = z.strictObject({});
const Bytes = z.instanceof(Buffer).default(() => Buffer.alloc(0));

/**
 * Makes a controller method the handler of an operation of the contracts, or of several that differ by id and path only.
 * Method, path, success status, access rule and the schemas of body and query come from the contract: `@Body()` and
 * `@Query()` of the method receive what the schema made of the request, `@Body()` of a `rawBody` operation a `Buffer`.
 * What the method returns is answered as far as the contract declares it.
 */
export function Operation(first: Contract, ...aliases: Contract[]): MethodDecorator {
  const route = routeOf([first, ...aliases], { declared: declaredAnswer(first) });
  return (target, key, descriptor) => {
    const { method, rawBody, body = NoBody, query = NoQuery } = first;
    route(target, key, descriptor);
    HttpCode(successStatus(first))(target, key, descriptor);
    judgeParameter(target, key, RouteParamtypes.QUERY, query);
    if (method !== 'GET') judgeParameter(target, key, RouteParamtypes.BODY, rawBody ? Bytes : body);
  };
}

/** The route of an operation and its access rule alone: who forwards a request leaves its judgement to the service. */
export const OperationRoute = (...operations: [Contract, ...Contract[]]): MethodDecorator => routeOf(operations);

function routeOf(all: [Contract, ...Contract[]], config: FastifyContextConfig = {}): MethodDecorator {
  const [first, ...aliases] = all;
  const alias = aliases.find((other) => shape(other) !== shape(first) || other.body !== first.body);
  if (alias) throw new Error(`${alias.id} is no alias of ${first.id}: it differs by more than its path.`);
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const path = all.map((operation) => API_PREFIX + operation.path);
    declareAccess(handler, { kind: 'operation', access: first.access, scopes: first.scopes });
    Reflect.defineMetadata(OPERATIONS, all, handler);
    RequestMapping({ path, method: RequestMethod[first.method] })(target, key, descriptor);
    const { rawBody, largestBody } = first;
    RouteConfig({ port: 'public', ...(rawBody && { rawBody }), ...(largestBody && { largestBody }), ...config })(
      target,
      key,
      descriptor,
    );
  };
}

/** The operations that a controller's method handles; none for other routes. */
export const operationsOf = (handler: object): readonly Contract[] =>
  (Reflect.getMetadata(OPERATIONS, handler) as readonly Contract[] | undefined) ?? [];

const successStatus = ({ responses }: Contract) => Math.min(...Object.keys(responses).map(Number));

const shape = ({ service, method, access, scopes, responses, rawBody, largestBody, query }: Contract) =>
  JSON.stringify([service, method, access, scopes, Object.keys(responses), rawBody, largestBody, query !== undefined]);
