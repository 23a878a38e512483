import { ProblemError } from '@app/problem-details';
import type { Identity } from './identity.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Brings the ids of a path into their one form, in place: lower case, and `me` for `:userId` becomes the caller's own id.
 * @throws ProblemError `not-found` for what is no UUID: nothing has such an id.
 */
export function readPathIds(params: Record<string, string>, identity: Identity | null): void {
  for (const name in params) {
    if (name !== 'id' && !name.endsWith('Id')) continue;
    const given = params[name] ?? '';
    const id = name === 'userId' && given === 'me' && identity ? identity.userId : given.toLowerCase();
    if (!uuid.test(id)) throw new ProblemError('not-found', `No ${name} looks like that.`);
    params[name] = id;
  }
}
