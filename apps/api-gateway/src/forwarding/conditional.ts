import { createHash } from 'node:crypto';

/** A strong validator of exactly these bytes (RFC 9110 §8.8.3). */
export const etagOf = (bytes: Buffer) => `"${createHash('sha1').update(bytes).digest('base64url')}"`;

/** Whether `If-None-Match` names this entity tag, compared weakly as RFC 9110 §13.1.2 wants. */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => bare(tag) === bare(etag));
}
