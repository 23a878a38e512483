import { problems, type ProblemCode } from '@app/contracts';
import { ProblemError } from './problem-error.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ProblemCode;
  requestId: string;
}

export interface RequestFacts {
  /** Path of the request, without its query. */
  instance: string;
  requestId: string;
}

/** RFC 9457 document for a code; `extra` may add members but not replace the standard ones. */
export function problemDocument(
  code: ProblemCode,
  facts: RequestFacts,
  detail?: string,
  extra: Record<string, unknown> = {},
): ProblemDocument {
  const { status, title, detail: usual } = problems[code];
  return {
    ...extra,
    type: `urn:problem:${code}`,
    title,
    status,
    detail: detail ?? usual,
    instance: facts.instance,
    code,
    requestId: facts.requestId,
  };
}

/**
 * The problem that an error stands for. Frameworks throw errors with a `statusCode`; those are translated by status.
 * Whatever remains is ours to mend: `internal-error`, told to the client without its text.
 */
export function toProblem(error: unknown, facts: RequestFacts): ProblemDocument {
  if (error instanceof ProblemError) return problemDocument(error.code, facts, error.detail, error.extra);
  const code = isUnavailable(error) ? 'service-unavailable' : codeOfStatus(statusOf(error));
  return problemDocument(code, facts, code === 'malformed-body' ? textOf(error) : undefined);
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : undefined);

function codeOfStatus(status: number): ProblemCode {
  const known: Record<number, ProblemCode> = {
    400: 'malformed-body',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not-found',
    405: 'method-not-allowed',
    410: 'gone',
    413: 'body-too-large',
    414: 'not-found',
    415: 'unsupported-media-type',
    422: 'validation-failed',
    429: 'too-many-requests',
    503: 'service-unavailable',
  };
  return known[status] ?? (status >= 400 && status < 500 ? 'malformed-body' : 'internal-error');
}

/** Node's and PostgreSQL's ways of saying that a peer is away for the moment (SQLSTATE classes 08, 53, 57P and 40, 55P03). */
const passing =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|08...|53...|57P..|57014|40001|40P01|55P03)$/;

/** What the PostgreSQL client says without a code: no place or no answer in time, or a connection that has ended. */
const withoutCode =
  /timeout exceeded when trying to connect|Connection terminated|connection timeout|Query read timeout|is not queryable/i;

/** The database or another peer is away: the same request may succeed in a moment (503). */
export function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, driverError, cause } = error as {
    code?: unknown;
    message?: unknown;
    driverError?: unknown;
    cause?: unknown;
  };
  if (typeof code === 'string' && passing.test(code)) return true;
  if (typeof message === 'string' && withoutCode.test(message)) return true;
  return (driverError !== undefined && isUnavailable(driverError)) || (cause !== undefined && isUnavailable(cause));
}
