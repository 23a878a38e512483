import { API_KEY_PREFIX, principalId, type Principal } from '@app/auth';
import type { Operation } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';

/** A credential and where it stood: of the tokens `kind` is the name of the passport strategy that reads it there. */
export interface Credential {
  kind: 'bearer' | 'cookie' | 'key';
  token: string;
}

/** The token or key of an Authorization header. @throws ProblemError `unauthenticated` for a header that holds none. */
export function bearerOf(request: FastifyRequest): Credential | undefined {
  // Node keeps the first of several and says nothing.
  const [authorization, ...others] = request.raw.headersDistinct.authorization ?? [];
  if (authorization === undefined) return undefined;
  if (others.length > 0) throw new ProblemError('unauthenticated', 'Send one Authorization header.');
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new ProblemError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
  return { kind: token.startsWith(API_KEY_PREFIX) ? 'key' : 'bearer', token };
}

/** Whether a token is written in the one way in which its maker wrote it: base64url can say the same with other letters at an end. */
export const isPlainlyWritten = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/** The key of an X-API-Key header. @throws ProblemError `unauthenticated` for several. */
export function apiKeyOf(request: FastifyRequest): Credential | undefined {
  const [token, ...others] = request.raw.headersDistinct['x-api-key'] ?? [];
  if (token === undefined) return undefined;
  if (others.length > 0) throw new ProblemError('unauthenticated', 'Send one X-API-Key header.');
  return { kind: 'key', token };
}

/** What a credential turned out to be; without a principal it is invalid or its session has ended. */
export interface Finding {
  kind: Credential['kind'];
  principal: Principal | undefined;
}

/**
 * The one person or key that a request's credentials name; null without any. A browser sends its cookie along, also when the
 * session has ended: that must not keep anyone from signing in, nor from what is open to anyone.
 * @throws ProblemError `unauthenticated` when one is invalid, when two disagree, or when there is none and one is needed.
 */
export function settle(operation: Operation, findings: readonly Finding[]): Principal | null {
  if (findings.some(({ kind, principal }) => !principal && !(kind === 'cookie' && operation.access === 'anyone')))
    throw new ProblemError('unauthenticated', 'A credential does not fit, was revoked, or its session has ended.');
  const principals = findings.flatMap(({ principal }) => principal ?? []);
  if (new Set(principals.map(principalId)).size > 1)
    throw new ProblemError('unauthenticated', 'The credentials name different callers.');
  const [principal] = principals;
  if (!principal && operation.access !== 'anyone') throw new ProblemError('unauthenticated');
  return principal ?? null;
}
