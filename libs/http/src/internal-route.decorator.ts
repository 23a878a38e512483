import { HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/internal';
import { RouteConfig } from '@nestjs/platform-fastify';
import { declareAccess } from '@app/auth';
import { z } from 'zod';
import { judgeParameter } from './request-parameter.js';

export interface InternalRouteOptions {
  /** Names of the services that may call; any service of ours if absent. */
  callers?: readonly string[];
  query?: z.ZodType;
  body?: z.ZodType;
  /** Bytes of the body at most: the caller signs them, and `@Body()` is a `Buffer` of JSON. */
  signedBody?: number;
  /** Success status; 200 if absent. */
  status?: number;
}

/** A route of the internal port, for services with a token of their own. `path` begins with `/internal/`. */
export const InternalGet = (path: string, options: InternalRouteOptions = {}) => internal('GET', path, options);
/** @see InternalGet */
export const InternalPost = (path: string, options: InternalRouteOptions = {}) => internal('POST', path, options);

function internal(method: 'GET' | 'POST', path: string, options: InternalRouteOptions): MethodDecorator {
  if (!path.startsWith('/internal/')) throw new Error(`${path}: internal routes begin with /internal/.`);
  const { callers, signedBody, status = 200, query = z.strictObject({}) } = options;
  const { body = signedBody ? z.instanceof(Buffer) : z.strictObject({}).optional() } = options;
  return (target, key, descriptor) => {
    declareAccess(descriptor.value as object, {
      kind: 'internal',
      ...(callers ? { callers } : {}),
      ...(signedBody ? { signed: true } : {}),
    });
    RequestMapping({ path, method: RequestMethod[method] })(target, key, descriptor);
    HttpCode(status)(target, key, descriptor);
    RouteConfig({ port: 'internal', ...(signedBody ? { rawBody: signedBody } : {}) })(target, key, descriptor);
    judgeParameter(target, key, RouteParamtypes.QUERY, query);
    if (method === 'POST') judgeParameter(target, key, RouteParamtypes.BODY, body);
  };
}
