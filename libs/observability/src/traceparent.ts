import { randomUUID } from 'node:crypto';

/** W3C Trace Context: version 00, neither id all zeros. */
const accepted = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** A span of our own in the caller's trace; a new, sampled trace when there is none or it cannot be read. */
export function nextTraceparent(header: string | string[] | undefined): string {
  const given = typeof header === 'string' ? accepted.exec(header) : null;
  const ids = hex();
  if (given) return `00-${given[1]}-${ids.slice(16)}-${given[2]}`;
  return `00-${ids}-${hex().slice(16)}-01`;
}

/** 32 random digits, never all zero. Node keeps random bytes for UUIDs in store: 20 times as fast as asking for some. */
const hex = () => randomUUID().replaceAll('-', '');
