import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';
import type { Identity, Principal } from './identity.js';

/** The person or the key that a judged request comes from. */
export const principalOf = ({ identity, apiKey }: Pick<FastifyRequest, 'identity' | 'apiKey'>): Principal | null =>
  identity ?? apiKey;

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>();

/** The signed-in person (`Identity`). @throws ProblemError `forbidden` for an organization's key. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { identity, apiKey } = requestOf(context);
  if (apiKey) throw new ProblemError('forbidden', 'An API key acts as its organization: this takes a person.');
  if (!identity) throw new ProblemError('unauthenticated');
  return identity;
});

/** Who acts (`Principal`): a person, or an organization's key, on calls that name its scopes. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principalOf(requestOf(context));
  if (!principal) throw new ProblemError('unauthenticated');
  return principal;
});

/** Who acts (`Principal | null`) on a call that anyone may make. */
export const OptionalActing = createParamDecorator((_: unknown, context: ExecutionContext): Principal | null =>
  principalOf(requestOf(context)),
);

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
