import { HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/internal';
import { RouteConfig } from '@nestjs/platform-fastify';
import { declareAccess } from '@app/auth';
import type { Operation as Contract } from '@app/contracts';
import { z } from 'zod';
import { API_PREFIX } from './api-prefix.js';
import { judgeParameter } from './request-parameter.js';

const OPERATIONS = 'ticketing:operations';

const NoBody = z.strictObject({}).optional();
const NoQuery = z.strictObject({});
const Bytes = z.instanceof(Buffer).default(() => Buffer.alloc(0));

/**
 * Makes a controller method the handler of an operation of the contracts, or of several that differ by id and path only.
 * Method, path, success status, access rule and the schemas of body and query come from the contract: `@Body()` and
 * `@Query()` of the method receive what the schema made of the request, `@Body()` of a `rawBody` operation a `Buffer`.
 */
export function Operation(first: Contract, ...aliases: Contract[]): MethodDecorator {
  const alias = aliases.find((other) => shape(other) !== shape(first) || other.body !== first.body);
  if (alias) throw new Error(`${alias.id} is no alias of ${first.id}: it differs by more than its path.`);
  const all = [first, ...aliases];
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const { method, access, rawBody, body = NoBody, query = NoQuery } = first;
    declareAccess(handler, { kind: 'operation', access });
    Reflect.defineMetadata(OPERATIONS, all, handler);
    RequestMapping({ path: all.map(({ path }) => API_PREFIX + path), method: RequestMethod[method] })(
      target,
      key,
      descriptor,
    );
    HttpCode(successStatus(first))(target, key, descriptor);
    RouteConfig({ port: 'public', ...(rawBody ? { rawBody } : {}) })(target, key, descriptor);
    judgeParameter(target, key, RouteParamtypes.QUERY, query);
    if (method !== 'GET') judgeParameter(target, key, RouteParamtypes.BODY, rawBody ? Bytes : body);
  };
}

export const operationsOf = (handler: object): readonly Contract[] =>
  (Reflect.getMetadata(OPERATIONS, handler) as readonly Contract[] | undefined) ?? [];

const successStatus = ({ responses }: Contract) => Math.min(...Object.keys(responses).map(Number));

const shape = ({ service, method, access, responses, rawBody, query }: Contract) =>
  JSON.stringify([service, method, access, Object.keys(responses), rawBody, query !== undefined]);
