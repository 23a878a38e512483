import { describe, expect, it } from '@jest/globals';
import { accept, statusOf, type Invitation } from './invitation.js';

const now = new Date('2026-05-01T12:00:00Z');
const past = new Date('2026-05-01T11:00:00Z');
const pending: Invitation = {
  id: '0197a000-0000-7000-8000-000000000001',
  email: 'ada@example.org',
  role: 'scanner',
  expiresAt: new Date('2026-05-02T12:00:00Z'),
  acceptedAt: null,
  revokedAt: null,
};
const accepted = { ...pending, acceptedAt: past };
const revoked = { ...pending, revokedAt: past };
const expired = { ...pending, expiresAt: now };

describe('an invitation', () => {
  it('is pending until it is accepted, revoked or ends', () => {
    expect([pending, accepted, revoked, expired].map((one) => statusOf(one, now))).toEqual([
      'pending',
      'accepted',
      'revoked',
      'expired',
    ]);
  });

  it('that was accepted in time does not expire', () => {
    expect(statusOf({ ...expired, acceptedAt: past }, now)).toBe('accepted');
  });

  it('lets its person join while it is pending', () => {
    expect(accept(pending, false, now)).toBe('join');
  });

  it('accepted again changes nothing', () => {
    expect(accept(accepted, true, now)).toBe('keep');
  });

  it('does not let a removed member in again', () => {
    expect(accept(accepted, false, now)).toBe('ended');
  });

  it('that was revoked or has expired lets nobody in', () => {
    expect([revoked, expired].map((one) => accept(one, false, now))).toEqual(['ended', 'ended']);
    expect(accept(revoked, true, now)).toBe('ended');
  });
});
