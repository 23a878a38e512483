import { randomBytes } from 'node:crypto';

/** W3C Trace Context: version 00, neither id all zeros. */
const accepted = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** A span of our own in the caller's trace; a new, sampled trace when there is none or it cannot be read. */
export function nextTraceparent(header: string | string[] | undefined): string {
  const given = typeof header === 'string' ? accepted.exec(header) : null;
  if (given) return `00-${given[1]}-${randomBytes(8).toString('hex')}-${given[2]}`;
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}
