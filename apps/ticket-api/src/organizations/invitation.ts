import type { Invitation as InvitationView, Role } from '@app/contracts';

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

export function statusOf({ acceptedAt, revokedAt, expiresAt }: Invitation, now: Date): InvitationView['status'] {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'pending';
}

/**
 * What accepting does for the person who was invited. Accepting again is answered as the first time, unless the membership that
 * came of it is over: an invitation is good for one.
 */
export function accept(invitation: Invitation, isMember: boolean, now: Date): 'join' | 'keep' | 'ended' {
  const status = statusOf(invitation, now);
  if (status === 'pending') return 'join';
  return status === 'accepted' && isMember ? 'keep' : 'ended';
}
