import { describe, expect, it } from '@jest/globals';
import { judgeOffline, type GateRules, type KnownTicket, type TicketCode } from '@app/scanner';
import fc from 'fast-check';
import { judgeCheckIn, type Facts } from '../check-in/check-in.js';
import { judgeCheckOut } from '../check-in/check-out/check-out.js';
import { gateKey } from '../check-in/gates/gate.js';

const NOW = 1_900_000_000_000;
const STEP = Math.floor(NOW / 30_000);
const entered = '2030-01-01T00:00:00.000Z';

/** Whatever the platform and a gate whose manifest is of this moment both know. */
const situations = fc.record({
  version: fc.integer({ min: 1, max: 3 }),
  codeVersion: fc.integer({ min: 1, max: 3 }),
  sameEvent: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  step: fc.option(fc.integer({ min: -3, max: 3 })),
  status: fc.constantFrom('valid', 'checked_in', 'void', 'frozen', 'listed', 'used and void', 'used and frozen'),
  outside: fc.boolean(),
  reentryAllowed: fc.boolean(),
  gates: fc.uniqueArray(
    fc.record({ name: fc.constantFrom('North', 'SOUTH', 'Ｗest'), types: fc.subarray(['a', 'b']) }),
    { selector: ({ name }) => name },
  ),
  gate: fc.option(fc.constantFrom('north', 'South', 'west', 'East'), { nil: undefined }),
});
type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

function asPlatform({ version, codeVersion, sameEvent, step, gates, gate, ...given }: Situation): Facts {
  const isUsed = given.status === 'checked_in' || given.status.startsWith('used');
  return {
    code: {
      ...{ ticketId: 't', eventId: sameEvent ? 'e' : 'other', holderVersion: codeVersion, generation: 1 },
      step: step === null ? null : STEP + step,
    },
    ticket: {
      ...{ eventId: sameEvent ? 'e' : 'other', ticketTypeId: 'a', holderVersion: version },
      status: given.status.replace('used and ', '') as 'valid',
      generations: { oldest: 1, current: 1 },
      checkedInAt: isUsed ? new Date(entered) : null,
      gate: null,
      leftAt: given.status === 'checked_in' && given.outside ? new Date(entered) : null,
    },
    rules: {
      reentryAllowed: given.reentryAllowed,
      gates: gates.map(({ name, types }) => ({ name, key: gateKey(name), ticketTypeIds: types })),
    },
    scan: undefined,
    at: { eventId: 'e', gate },
    now: new Date(NOW),
  };
}

function asGate(situation: Situation, direction: 'in' | 'out') {
  const { code, ticket, rules, at } = asPlatform(situation);
  const known: KnownTicket = {
    ...{ holderVersion: ticket!.holderVersion, ticketTypeId: 'a', status: ticket!.status },
    ...(ticket!.checkedInAt && { checkedInAt: entered }),
    ...(ticket!.leftAt && { outside: true }),
  };
  const gateRules = {
    ...{ eventId: 'e', keys: [], stepSeconds: 30, toleranceSteps: 1, ticketTypes: [] },
    reentryAllowed: rules.reentryAllowed,
    gates: rules.gates.map(({ name, ticketTypeIds }) => ({ name, ticketTypeIds: [...ticketTypeIds] })),
  } satisfies GateRules;
  const { ticketId, eventId, holderVersion, step } = code;
  const read: TicketCode = { ticketId, eventId, holderVersion, step: step ?? undefined };
  return { rules: gateRules, code: read, ticket: known, movements: [], gate: at.gate, direction, now: NOW };
}

/** What a gate cannot know: a forgery from what is newer than its manifest, and which codes of another event are good. */
const alike = (reason: string, { sameEvent }: Situation) =>
  reason === 'unknown-ticket' || (!sameEvent && reason === 'wrong-event') ? 'invalid-code' : reason;

describe('a gate without network', () => {
  it('says what the platform would say, where both know the same', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const platform = judgeCheckIn(asPlatform(situation));
        const gate = judgeOffline(asGate(situation, 'in'));
        expect(gate.admit ? (gate.reentry ? 'readmit' : 'admit') : alike(gate.reason, situation)).toBe(
          platform.verdict === 'refuse' ? alike(platform.refusal.code, situation) : platform.verdict,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('lets out whom the platform would let out', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const platform = judgeCheckOut(asPlatform(situation));
        const gate = judgeOffline(asGate(situation, 'out'));
        expect(gate.admit ? 'let-out' : alike(gate.reason, situation)).toBe(
          platform.verdict === 'refuse' ? alike(platform.refusal.code, situation) : platform.verdict,
        );
      }),
      { numRuns: 3_000 },
    );
  });
});
