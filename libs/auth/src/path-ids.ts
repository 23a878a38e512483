import { ProblemError } from '@app/problem-details';
import type { Identity } from './identity.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** No account has it (RFC 9562 §5.9). */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Brings the ids of a path into their one form, in place: lower case; for `:userId`, `me` and who the caller is at another
 * issuer become the caller's own id. Who is known elsewhere learns nothing by trying how others are called there: any
 * such text is somebody else.
 * @throws ProblemError `not-found` for what is no UUID: nothing has such an id.
 */
export function readPathIds(params: Record<string, string>, identity: Identity | null): void {
  for (const name in params) {
    if (name !== 'id' && !name.endsWith('Id')) continue;
    const given = params[name] ?? '';
    const id = (name === 'userId' && identity && personOf(given, identity)) || given.toLowerCase();
    if (!uuid.test(id)) throw new ProblemError('not-found', `No ${name} looks like that.`);
    params[name] = id;
  }
}

/** The id of whom a caller means who does not say it. */
function personOf(given: string, { userId, issuer, externalId }: Identity): string | undefined {
  if (given === 'me' || given === externalId) return userId;
  return issuer !== undefined && !uuid.test(given.toLowerCase()) ? NOBODY : undefined;
}
