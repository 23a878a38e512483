import { Body, Query } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { z } from 'zod';

type Source = RouteParamtypes.BODY | RouteParamtypes.QUERY;
interface Argument {
  index: number;
  data?: unknown;
  schema?: z.ZodType;
}

/**
 * Has `schema` judge the body or the query of a handler, whether it takes that parameter or not: one that it does not
 * take is appended behind its own, so that unknown fields are refused all the same.
 */
export function judgeParameter(target: object, handler: string | symbol, source: Source, schema: z.ZodType): void {
  const owner = target.constructor;
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, owner, handler) ?? {}) as Record<string, Argument>;
  const own = Object.entries(given).filter(([key]) => key.startsWith(`${source}:`));
  if (own.some(([, argument]) => argument.data !== undefined))
    throw new Error(`${owner.name}.${String(handler)}: take the whole body or query, not one field of it.`);
  if (own.length === 0) {
    const behind = Math.max(-1, ...Object.values(given).map(({ index }) => index)) + 1;
    const decorator = source === RouteParamtypes.BODY ? Body({ schema }) : Query({ schema });
    decorator(target, handler, behind);
    return;
  }
  const judged = Object.fromEntries(own.map(([key, argument]) => [key, { ...argument, schema }]));
  Reflect.defineMetadata(ROUTE_ARGS_METADATA, { ...given, ...judged }, owner, handler);
}
