import { principalId, type Principal } from '@app/auth';
import type { Location } from '../authorization/authorization.module.js';

/** Who has to hold a ticket for this caller to be given its code: the caller; null for organizers, who are given anybody's. */
export const holderFor = (who: Principal, { role }: Pick<Location, 'role'>): string | null =>
  role === 'organizer' || role === 'owner' ? null : principalId(who);
