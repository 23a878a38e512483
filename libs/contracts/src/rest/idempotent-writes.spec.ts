import { describe, expect, it } from '@jest/globals';
import { operations } from './operations.js';

/** Writes that take no `Idempotency-Key`. */
const without: Record<string, string> = {
  signUp: 'has no caller whose key it could be; the e-mail is taken once',
  signIn: 'has no caller yet, and a session more is no harm',
  issueToken: 'has no caller yet, and a session more is no harm',
  refreshSession: 'knows a lost answer by its refresh token',
  signOut: 'ends what is ended',
  signOutEverywhere: 'ends what is ended',
  eraseAccount: 'erases once; then there is nobody who could ask',
  changePassword: 'is done once: then the current password is another',
  forgotPassword: 'is asked for because a mail did not come',
  resetPassword: 'takes its token once',
  addSecondFactor: 'replaces what was not confirmed, and its answer is a secret',
  confirmSecondFactor: 'is done once, then is not found',
  removeSecondFactor: 'removes once, then is not found',
  linkIdentity: 'links once; sent again it is the same link',
  unlinkIdentity: 'unlinks once, then is not found',
  endSession: 'ends once, then is not found',
  verifyEmail: 'proves what is proved',
  resendVerification: 'is asked for because a mail did not come',
  updateProfile: 'sets what is set',
  changeMailPreferences: 'sets what is set',
  unsubscribe: 'has no caller, and ends what is ended',
  updateOrganization: 'sets what is set',
  changeRole: 'sets what is set',
  revokeInvitation: 'revokes what is revoked',
  suspendOrganization: 'suspends what is suspended',
  reinstateOrganization: 'reinstates what is in force',
  settleDifference: 'settles what is settled',
  removeMember: 'removes once, then is not found',
  revokeApiKey: 'ends what is ended',
  updateEvent: 'sets what is set',
  updateTicketType: 'sets what is set',
  publishEvent: 'publishes what is published',
  leaveWaitingList: 'leaves what was left',
  withdrawFromResale: 'withdraws what is withdrawn',
  acceptTransfer: 'accepts what is accepted',
  declineTransfer: 'declines what is declined',
  withdrawTransfer: 'withdraws what is withdrawn',
  validateTicket: 'changes nothing',
  checkInTicket: 'is known by its scanId',
  checkInTicketAlias: 'is known by its scanId',
  checkIn: 'is known by its scanId',
  checkOutTicket: 'is known by its scanId',
  checkOut: 'is known by its scanId',
  uploadCheckins: 'each scan is known by its scanId',
  revokeDevice: 'ends what may have ended',
  undoCheckIn: 'is known by its scanId',
  updateGate: 'sets what is set',
  deleteGate: 'removes once, then is not found',
  receiveWebhook: 'is known by the id of the event',
};

describe('Idempotency-Key', () => {
  it('is honoured by every write but those that are told here with their reason', () => {
    const writes = operations.filter(({ method }) => method !== 'GET');
    const others = writes.filter(({ idempotent }) => !idempotent).map(({ id }) => id);
    expect(others.sort()).toEqual(Object.keys(without).sort());
  });

  it('is honoured by all that creates, but for what is there once, and a secret, which no stored answer may show', () => {
    const creating = operations.filter(({ responses }) => 201 in responses);
    expect(creating.filter(({ idempotent }) => !idempotent).map(({ id }) => id)).toEqual([
      ...['signUp', 'addSecondFactor', 'linkIdentity'],
    ]);
  });
});
