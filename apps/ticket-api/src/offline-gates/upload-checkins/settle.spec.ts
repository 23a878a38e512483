import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settle, type Movement } from './settle.js';
import { timeOfScan } from './time-of-scan.js';

const movement = (key: string, at: number, direction: 'in' | 'out' = 'in'): Movement => ({ key, at, direction });
const told = (movements: Movement[], reentryAllowed = false) =>
  settle(movements, reentryAllowed).settled.map(({ movement: { key }, result, reason }) => [key, reason ?? result]);

describe('the movements of one ticket', () => {
  it('admit the earliest, and the others are conflicts', () => {
    expect(told([movement('b', 20), movement('a', 10), movement('c', 30)])).toEqual([
      ['a', 'admitted'],
      ['b', 'already-checked-in'],
      ['c', 'already-checked-in'],
    ]);
  });

  it('of the same moment are decided by their ids', () => {
    expect(settle([movement('b', 10), movement('a', 10)], false).admission?.key).toBe('a');
  });

  it('count a way out, and in once more, where the event allows it', () => {
    const movements = [movement('a', 10), movement('b', 20, 'out'), movement('c', 30), movement('d', 40)];
    expect(told(movements, true)).toEqual([
      ['a', 'admitted'],
      ['b', 'left'],
      ['c', 'readmitted'],
      ['d', 'already-checked-in'],
    ]);
    expect(told(movements)).toEqual([
      ['a', 'admitted'],
      ['b', 'reentry-not-allowed'],
      ['c', 'already-checked-in'],
      ['d', 'already-checked-in'],
    ]);
  });

  it('say of a way out that nobody was inside', () => {
    const movements = [movement('a', 10, 'out'), movement('b', 20), movement('c', 30, 'out'), movement('d', 40, 'out')];
    const { outsideBy, entry } = settle(movements, true);
    expect(entry?.key).toBe('b');
    expect(told(movements, true).map(([, what]) => what)).toEqual(['not-inside', 'admitted', 'left', 'not-inside']);
    expect(outsideBy?.key).toBe('c');
  });

  const movements = fc.uniqueArray(
    fc.record({
      key: fc.string({ minLength: 1, maxLength: 3 }),
      at: fc.integer({ min: 0, max: 5 }),
      direction: fc.constantFrom<'in' | 'out'>('in', 'out'),
    }),
    { selector: ({ key }) => key, maxLength: 12 },
  );
  const inTwoOrders = movements.chain((given) =>
    fc.tuple(
      fc.constant(given),
      fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
      fc.boolean(),
    ),
  );

  it('are settled alike in whatever order they are told', () => {
    fc.assert(
      fc.property(inTwoOrders, ([given, shuffled, allowed]) => {
        expect(settle(shuffled, allowed)).toEqual(settle(given, allowed));
      }),
    );
  });

  it('let in one more than they let out, at most', () => {
    fc.assert(
      fc.property(movements, fc.boolean(), (given, allowed) => {
        let inside = 0;
        const { settled, admission, outsideBy } = settle(given, allowed);
        for (const { result } of settled) {
          if (result === 'admitted' || result === 'readmitted') inside += 1;
          if (result === 'left') inside -= 1;
          expect([0, 1]).toContain(inside);
        }
        expect(settled.filter(({ result }) => result === 'admitted')).toHaveLength(admission ? 1 : 0);
        expect(inside).toBe(admission && !outsideBy ? 1 : 0);
      }),
    );
  });

  it('stay settled as they were when nothing is new', () => {
    fc.assert(
      fc.property(movements, fc.boolean(), (given, allowed) => {
        const once = settle(given, allowed);
        expect(
          settle(
            once.settled.map(({ movement: one }) => one),
            allowed,
          ),
        ).toEqual(once);
      }),
    );
  });
});

describe('the time of a scan (hard case 21)', () => {
  const HOUR = 3_600_000;
  const now = Date.parse('2030-06-01T20:00:00Z');
  const notBefore = now - 100 * HOUR;
  const time = (scannedAt: number, sentAt?: number) => timeOfScan({ scannedAt, sentAt, now, notBefore });

  it('is what the gate says, if it does not tell its clock', () => {
    expect(time(now - HOUR)).toBe(now - HOUR);
  });

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
    ['a year off', 8_766 * HOUR],
  ])('is right by a clock that is %s, if the gate tells it', (_, off) => {
    expect(time(now + off - 5 * HOUR, now + off)).toBe(now - 5 * HOUR);
  });

  it('is not later for a request that was on its way for long', () => {
    expect(time(now - HOUR, now - 4_000)).toBe(now - HOUR);
    expect(time(now - HOUR, now - 6_000)).toBe(now - HOUR + 6_000);
    expect(time(now - HOUR, now + 1)).toBe(now - HOUR - 1);
  });

  it('is never in the future, and never before the ticket: it counts from when it was told', () => {
    expect(time(now + 1)).toBe(now);
    expect(time(now + HOUR, now)).toBe(now);
    expect(time(0)).toBe(now);
    expect(time(0, now)).toBe(now);
  });
});
