import { createHash } from 'node:crypto';
import { IDEMPOTENCY_KEY } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A request that a client may send again: its key, and what makes it the same request. */
export interface RequestKey {
  key: string;
  fingerprint: Buffer;
}

const MAX_LENGTH = 255;

/** SHA-256 over method, path and body; the members of the body in any order. */
export function fingerprintOf(method: string, path: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method}\n${path}\n${canonical(body ?? {})}`)
    .digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The key of a request, if the client gave one. @throws 422 for a key that is empty, too long, or sent twice. */
export function requestKey(request: FastifyRequest, body: unknown): RequestKey | undefined {
  const key = readKey(request.raw.headersDistinct[IDEMPOTENCY_KEY]);
  if (key === undefined) return undefined;
  return { key, fingerprint: fingerprintOf(request.method, request.url.split('?')[0] ?? '', body) };
}

function readKey(headers: string[] | undefined): string | undefined {
  if (headers === undefined) return undefined;
  const [header = '', ...others] = headers;
  if (others.length > 0 || header.length === 0 || header.length > MAX_LENGTH)
    throw new ProblemError('validation-failed', `Send one Idempotency-Key of 1 to ${MAX_LENGTH} characters.`, {
      errors: [{ path: 'Idempotency-Key', message: `is 1 to ${MAX_LENGTH} characters, once` }],
    });
  return header;
}

/** Tells the client that it sees the first answer again. */
export function answerWith<Body>(reply: FastifyReply, answer: { status: number; body: Body; replayed: boolean }): Body {
  void reply.status(answer.status);
  if (answer.replayed) void reply.header('idempotent-replayed', 'true');
  return answer.body;
}
