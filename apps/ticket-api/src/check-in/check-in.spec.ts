import { describe, expect, it } from '@jest/globals';
import { stepAt } from '@app/ticket-codes';
import { judgeCheckIn, type Facts, type StoredTicket } from './check-in.js';

const at = new Date('2030-06-01T18:00:00Z');
const code = { ticketId: 't', eventId: 'e', holderVersion: 2, generation: 3, step: null };
const valid: StoredTicket = {
  ...{ eventId: 'e', status: 'valid', holderVersion: 2, checkedInAt: null, gate: null },
  generations: { oldest: 2, current: 4 },
};
const now = new Date('2030-06-01T19:00:00Z');
const rotating = (seconds: number) => ({ ...code, step: stepAt(new Date(now.getTime() + seconds * 1000)) });
const used: StoredTicket = { ...valid, status: 'checked_in', checkedInAt: at, gate: 'North' };
const scan = { ticketId: 't', checkedInAt: at, gate: 'North' };
const facts = (given: Partial<Facts> = {}): Facts => ({
  code,
  ticket: valid,
  scan: undefined,
  gateEventId: undefined,
  now,
  ...given,
});

const told = (given: Partial<Facts>) => {
  const verdict = judgeCheckIn(facts(given));
  return verdict.verdict === 'refuse' ? verdict.refusal.code : verdict.verdict;
};

describe('a gate', () => {
  it('admits a valid ticket', () => {
    expect(told({})).toBe('admit');
    expect(told({ gateEventId: 'e' })).toBe('admit');
  });

  it('tells where and when a ticket was used first', () => {
    expect(judgeCheckIn(facts({ ticket: used }))).toEqual({
      verdict: 'refuse',
      refusal: { code: 'already-checked-in', first: { checkedInAt: at, gate: 'North' } },
    });
  });

  it.each([
    ['of no ticket that is known', { ticket: undefined }],
    ["of the ticket's earlier holder", { ticket: { ...valid, holderVersion: 3 } }],
    ["ahead of the ticket's version", { ticket: { ...valid, holderVersion: 1 } }],
    ['that names another event than the ticket', { ticket: { ...valid, eventId: 'other' } }],
  ])('takes no code %s', (_, given) => {
    expect(told(given)).toBe('invalid-code');
  });

  it('takes codes of the keys that count, and of none that was revoked or never signed', () => {
    const tolds = [1, 2, 3, 4, 5].map((generation) => told({ code: { ...code, generation } }));
    expect(tolds).toEqual(['invalid-code', 'admit', 'admit', 'admit', 'invalid-code']);
  });

  it('hard case 25: takes a rotating code for its own step of thirty seconds, the one before and the one after', () => {
    const tolds = [-60, -30, 0, 30, 60].map((seconds) => told({ code: rotating(seconds) }));
    expect(tolds).toEqual(['code-expired', 'admit', 'admit', 'admit', 'code-expired']);
  });

  it.each([
    ['ticket-void', { ...valid, status: 'void' as const, holderVersion: 3 }],
    ['ticket-void', { ...valid, status: 'void' as const }],
    ['ticket-frozen', { ...valid, status: 'frozen' as const }],
  ])('says %s and does not call the paper forged', (expected, ticket) => {
    expect(told({ ticket })).toBe(expected);
  });

  it('gives the first answer again to the same scan, whatever has happened since', () => {
    for (const ticket of [used, valid, { ...valid, status: 'frozen' as const }])
      expect(judgeCheckIn(facts({ scan, ticket, gateEventId: 'other' }))).toEqual({
        verdict: 'admitted-before',
        first: { checkedInAt: at, gate: 'North' },
      });
  });

  it('refuses a scan id that belongs to another ticket, also where the ticket itself would be refused', () => {
    for (const ticket of [valid, used])
      expect(told({ ticket, scan: { ...scan, ticketId: 'other' } })).toBe('scan-id-reused');
  });

  it('judges in the order of the contract', () => {
    const old = { ...code, holderVersion: 1 };
    expect(told({ code: old, scan, ticket: used, gateEventId: 'other' })).toBe('invalid-code');
    expect(told({ ticket: used, gateEventId: 'other' })).toBe('wrong-event');
    expect(told({ ticket: { ...valid, status: 'void' }, gateEventId: 'other' })).toBe('wrong-event');
    expect(told({ ticket: { ...used, status: 'void', holderVersion: 3 } })).toBe('already-checked-in');
  });

  it('tells that a code is too old last of all: a used or void ticket is that first', () => {
    const late = rotating(-300);
    expect(told({ code: { ...late, generation: 1 } })).toBe('invalid-code');
    expect(told({ code: late, scan, ticket: used })).toBe('admitted-before');
    expect(told({ code: late, gateEventId: 'other' })).toBe('wrong-event');
    expect(told({ code: late, ticket: used })).toBe('already-checked-in');
    expect(told({ code: late, ticket: { ...valid, status: 'void' } })).toBe('ticket-void');
    expect(told({ code: late, ticket: { ...valid, status: 'frozen' } })).toBe('ticket-frozen');
    expect(told({ code: late })).toBe('code-expired');
  });
});
