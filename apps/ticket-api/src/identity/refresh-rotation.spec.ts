import { describe, expect, it } from '@jest/globals';
import { rotate, type PresentedToken } from './refresh-rotation.js';

const now = new Date('2026-05-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const fresh: PresentedToken = {
  expiresAt: ago(-3600),
  usedAt: null,
  successors: 0,
  successorUsed: false,
  siblingUsed: false,
  sessionRevoked: false,
};
const exchanged = (seconds: number): PresentedToken => ({ ...fresh, usedAt: ago(seconds), successors: 1 });

describe('rotation of refresh tokens', () => {
  it('an unused token is exchanged', () => {
    expect(rotate(fresh, now)).toBe('exchange');
  });

  it('an ended token, or one of a revoked session, is refused and revokes nothing', () => {
    expect(rotate({ ...fresh, expiresAt: now }, now)).toBe('refuse');
    expect(rotate({ ...exchanged(60), sessionRevoked: true }, now)).toBe('refuse');
    expect(rotate({ ...exchanged(60), expiresAt: ago(1) }, now)).toBe('refuse');
  });

  it('within ten seconds, while its successor is unused, a used token gets one sibling', () => {
    expect(rotate(exchanged(0), now)).toBe('replace-lost');
    expect(rotate(exchanged(9.999), now)).toBe('replace-lost');
    expect(rotate({ ...exchanged(1), successors: 2 }, now)).toBe('revoke');
  });

  it('after ten seconds a used token revokes its family', () => {
    expect(rotate(exchanged(10), now)).toBe('revoke');
    expect(rotate(exchanged(86_400), now)).toBe('revoke');
  });

  it('once its successor was used the answer was not lost: the family is revoked', () => {
    expect(rotate({ ...exchanged(1), successorUsed: true }, now)).toBe('revoke');
  });

  it('of two siblings only the first to be used lives: the other revokes the family', () => {
    expect(rotate({ ...fresh, siblingUsed: true }, now)).toBe('revoke');
    expect(rotate({ ...exchanged(1), siblingUsed: true }, now)).toBe('revoke');
  });

  it('a clock that the database set back a little is no reuse', () => {
    expect(rotate(exchanged(-0.5), now)).toBe('replace-lost');
  });
});
