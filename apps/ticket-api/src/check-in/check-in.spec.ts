import { describe, expect, it } from '@jest/globals';
import { stepAt } from '@app/ticket-codes';
import { judgeCheckIn, type Facts, type RecordedScan, type StoredTicket } from './check-in.js';
import { judgeCheckOut } from './check-out/check-out.js';

const at = new Date('2030-06-01T18:00:00Z');
const code = { ticketId: 't', eventId: 'e', holderVersion: 2, generation: 3, step: null };
const valid: StoredTicket = {
  ...{ eventId: 'e', ticketTypeId: 'standing', status: 'valid', holderVersion: 2 },
  ...{ checkedInAt: null, gate: null, leftAt: null },
  generations: { oldest: 2, current: 4 },
};
const now = new Date('2030-06-01T19:00:00Z');
const rotating = (seconds: number) => ({ ...code, step: stepAt(new Date(now.getTime() + seconds * 1000)) });
const used: StoredTicket = { ...valid, status: 'checked_in', checkedInAt: at, gate: 'North' };
const outside: StoredTicket = { ...used, leftAt: new Date('2030-06-01T19:00:00Z') };
const scan: RecordedScan = { ticketId: 't', result: 'admitted', scannedAt: at, gate: 'North', undoneAt: null };
const rules = { reentryAllowed: false, gates: [] };
const reentry = { ...rules, reentryAllowed: true };
const box = { ...rules, gates: [{ name: 'Box', key: 'box', ticketTypeIds: ['box'] }] };
const facts = (given: Partial<Facts> = {}): Facts => ({
  code,
  ticket: valid,
  rules,
  scan: undefined,
  at: {},
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
    expect(told({ at: { eventId: 'e' } })).toBe('admit');
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

  it.each([
    ['ticket-void', { ...valid, status: 'void' as const, holderVersion: 3 }],
    ['ticket-void', { ...valid, status: 'void' as const }],
    ['ticket-frozen', { ...valid, status: 'frozen' as const }],
    ['ticket-listed', { ...valid, status: 'listed' as const, holderVersion: valid.holderVersion + 1 }],
  ])('says %s and does not call the paper forged', (expected, ticket) => {
    expect(told({ ticket })).toBe(expected);
  });

  it('gives the first answer again to the same scan, whatever has happened since', () => {
    for (const ticket of [used, valid, { ...valid, status: 'frozen' as const }])
      expect(judgeCheckIn(facts({ scan, ticket, at: { eventId: 'other' } }))).toEqual({
        verdict: 'admitted-before',
        first: { checkedInAt: at, gate: 'North' },
        reentry: false,
      });
  });

  it('refuses a scan id that belongs to another ticket, also where the ticket itself would be refused', () => {
    for (const ticket of [valid, used])
      expect(told({ ticket, scan: { ...scan, ticketId: 'other' } })).toBe('scan-id-reused');
  });

  it('takes codes of the keys that count, and of none that was revoked or never signed', () => {
    const tolds = [1, 2, 3, 4, 5].map((generation) => told({ code: { ...code, generation } }));
    expect(tolds).toEqual(['invalid-code', 'admit', 'admit', 'admit', 'invalid-code']);
  });

  it('hard case 25: takes a rotating code for its own step of thirty seconds, the one before and the one after', () => {
    const tolds = [-60, -30, 0, 30, 60].map((seconds) => told({ code: rotating(seconds) }));
    expect(tolds).toEqual(['code-expired', 'admit', 'admit', 'admit', 'code-expired']);
  });

  it('tells that a code is too old last of all: a used or void ticket is that first, and another gate', () => {
    const late = rotating(-300);
    expect(told({ code: { ...late, generation: 1 } })).toBe('invalid-code');
    expect(told({ code: late, scan, ticket: used })).toBe('admitted-before');
    expect(told({ code: late, at: { eventId: 'other' } })).toBe('wrong-event');
    expect(told({ code: late, ticket: used })).toBe('already-checked-in');
    expect(told({ code: late, ticket: { ...valid, status: 'void' } })).toBe('ticket-void');
    expect(told({ code: late, ticket: { ...valid, status: 'frozen' } })).toBe('ticket-frozen');
    expect(told({ code: late, rules: box })).toBe('wrong-gate');
    expect(told({ code: late })).toBe('code-expired');
  });

  it('judges in the order of the contract', () => {
    const old = { ...code, holderVersion: 1 };
    expect(told({ code: old, scan, ticket: used, at: { eventId: 'other' } })).toBe('invalid-code');
    expect(told({ ticket: used, at: { eventId: 'other' } })).toBe('wrong-event');
    expect(told({ ticket: { ...valid, status: 'void' }, at: { eventId: 'other' } })).toBe('wrong-event');
    expect(told({ ticket: { ...used, status: 'void', holderVersion: 3 } })).toBe('already-checked-in');
  });

  it('sends nobody to another gate who would be refused there, too', () => {
    expect(told({ rules: box })).toBe('wrong-gate');
    expect(told({ rules: box, ticket: used })).toBe('already-checked-in');
    expect(told({ rules: box, ticket: { ...valid, status: 'void' } })).toBe('ticket-void');
    expect(told({ rules: box, ticket: { ...valid, status: 'frozen' } })).toBe('ticket-frozen');
    expect(told({ rules: box, at: { eventId: 'other' } })).toBe('wrong-event');
  });

  it('does not admit again by a scan whose admission was undone', () => {
    const undone = { ...scan, undoneAt: at };
    expect(told({ scan: undone })).toBe('admission-undone');
    expect(told({ scan: { ...undone, ticketId: 'other' } })).toBe('scan-id-reused');
  });

  it('takes no scan id of a checkout or of an undo for one of an admission', () => {
    for (const result of ['left', 'undone'] as const)
      expect(told({ scan: { ...scan, result } })).toBe('scan-id-reused');
    expect(judgeCheckIn(facts({ scan: { ...scan, result: 'readmitted' } }))).toMatchObject({ reentry: true });
  });
});

describe('re-entry', () => {
  const leaving = (given: Partial<Facts>) => {
    const verdict = judgeCheckOut(facts({ rules: reentry, ...given }));
    return verdict.verdict === 'refuse' ? verdict.refusal.code : verdict.verdict;
  };

  it('is for who has left, where the event allows it, and by a gate that admits the type', () => {
    expect(told({ rules: reentry, ticket: outside })).toBe('readmit');
    expect(told({ rules: reentry, ticket: used })).toBe('already-checked-in');
    expect(told({ ticket: outside })).toBe('already-checked-in');
    expect(told({ rules: { ...box, reentryAllowed: true }, ticket: outside })).toBe('wrong-gate');
    expect(told({ rules: reentry, ticket: { ...outside, status: 'void' } })).toBe('already-checked-in');
  });

  it('begins with being let out, by whoever is inside', () => {
    expect(leaving({ ticket: used })).toBe('let-out');
    for (const ticket of [valid, outside, { ...used, status: 'void' as const }])
      expect(leaving({ ticket })).toBe('not-inside');
    expect(leaving({ ticket: used, rules })).toBe('reentry-not-allowed');
    expect(leaving({ ticket: used, rules: { ...box, reentryAllowed: true } })).toBe('let-out');
  });

  it('is judged in the order of checking in', () => {
    expect(leaving({ ticket: { ...used, holderVersion: 3 }, at: { eventId: 'other' } })).toBe('invalid-code');
    expect(leaving({ ticket: used, rules, at: { eventId: 'other' } })).toBe('wrong-event');
    expect(leaving({ ticket: used, code: rotating(-300) })).toBe('code-expired');
    expect(leaving({ ticket: outside, code: rotating(-300) })).toBe('not-inside');
    expect(leaving({ ticket: outside, scan: { ...scan, result: 'left' } })).toBe('left-before');
    expect(leaving({ ticket: used, scan })).toBe('scan-id-reused');
    expect(leaving({ ticket: used, scan: { ...scan, result: 'left', ticketId: 'other' } })).toBe('scan-id-reused');
  });
});
