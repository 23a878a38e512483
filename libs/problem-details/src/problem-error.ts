import type { ProblemCode } from '@app/contracts';

/**
 * What domain code throws. It carries a stable code and what the client should know;
 * the HTTP status is decided once, from `problems` of the contracts.
 */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    /** One sentence for the client: what was wrong and what to do. */
    detail?: string,
    /** Further members of the problem document (RFC 9457 extension members). */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail ?? code);
    this.name = 'ProblemError';
    this.detail = detail;
  }

  readonly detail: string | undefined;
}

export const notFound = (what = 'It') =>
  new ProblemError('not-found', `${what} does not exist, or is not yours to see.`);
