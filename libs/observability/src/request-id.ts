import { randomUUID } from 'node:crypto';

const sane = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's `X-Request-Id` if it is sane (≤128 of letters, digits, `.`, `_`, `-`), else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && sane.test(header) ? header : randomUUID();
}
