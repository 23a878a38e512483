import type { Identity } from '@app/auth';
import type { Operation } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';

/** An access token and where it stood: `kind` is the name of the passport strategy that reads it there. */
export interface Credential {
  kind: 'bearer' | 'cookie';
  token: string;
}

/** The token of an Authorization header. @throws ProblemError `unauthenticated` for a header that holds none. */
export function bearerOf(request: FastifyRequest): Credential | undefined {
  // Node keeps the first of several and says nothing.
  const [authorization, ...others] = request.raw.headersDistinct.authorization ?? [];
  if (authorization === undefined) return undefined;
  if (others.length > 0) throw new ProblemError('unauthenticated', 'Send one Authorization header.');
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new ProblemError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
  return { kind: 'bearer', token };
}

/** What a credential turned out to be; without an identity it is invalid or its session has ended. */
export interface Finding {
  kind: Credential['kind'];
  identity: Identity | undefined;
}

/**
 * The one person whom a request's credentials name; null without any. A browser sends its cookie along, also when the
 * session has ended: that must not keep anyone from signing in, nor from what is open to anyone.
 * @throws ProblemError `unauthenticated` when one is invalid, when two disagree, or when there is none and one is needed.
 */
export function settle(operation: Operation, findings: readonly Finding[]): Identity | null {
  if (findings.some(({ kind, identity }) => !identity && !(kind === 'cookie' && operation.access === 'anyone')))
    throw new ProblemError('unauthenticated', 'The access token does not fit, or its session has ended.');
  const people = findings.flatMap(({ identity }) => identity ?? []);
  if (new Set(people.map(({ userId }) => userId)).size > 1)
    throw new ProblemError('unauthenticated', 'The credentials name different people.');
  const [person] = people;
  if (!person && operation.access !== 'anyone') throw new ProblemError('unauthenticated');
  return person ?? null;
}
