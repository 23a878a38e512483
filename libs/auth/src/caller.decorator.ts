import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';
import type { Identity } from './identity.js';

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>();

/** The signed-in person (`Identity`). */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { identity } = requestOf(context);
  if (!identity) throw new ProblemError('unauthenticated');
  return identity;
});

/** The person (`Identity | null`) on a call that anyone may make. */
export const OptionalCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Identity | null => requestOf(context).identity,
);

/** What the service's `ResourceAuthorizer` returned for this request. */
export const Authorization = createParamDecorator(
  (_: unknown, context: ExecutionContext): unknown => requestOf(context).authorization,
);

/** Name of the service that calls an internal route. */
export const CallingService = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null => requestOf(context).callingService,
);
