import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SAVING_HOURS, serve, type Waiting } from './waiting-line.js';

const NOW = new Date('2030-06-01T12:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const waits = (id: string, quantity: number, more: Partial<Waiting> = {}): Waiting => ({
  ...{ id, quantity, counted: true, savingSince: null },
  ...more,
});
const turn = (offered: string[], saving: string | null = null, aside: string[] = []) => ({ offered, saving, aside });

describe('whose turn it is', () => {
  it('is that of who came first, and of as many as there is enough for', () => {
    expect(serve([waits('a', 2), waits('b', 1), waits('c', 1)], 3, NOW)).toEqual(turn(['a', 'b']));
    expect(serve([waits('a', 2)], 0, NOW)).toEqual(turn([]));
    expect(serve([], 5, NOW)).toEqual(turn([]));
  });

  it('nobody passes the first who wants more than there is, for which it is saved up', () => {
    expect(serve([waits('a', 3), waits('b', 1)], 2, NOW)).toEqual(turn([], 'a'));
    const saved = waits('a', 3, { savingSince: hoursAgo(SAVING_HOURS - 0.1) });
    expect(serve([saved, waits('b', 1)], 2, NOW)).toEqual(turn([]));
    expect(serve([saved, waits('b', 1)], 3, NOW)).toEqual(turn(['a']));
  });

  it('who was saved up for long enough steps aside, and is the first whenever there is enough', () => {
    const saved = waits('a', 3, { savingSince: hoursAgo(SAVING_HOURS) });
    expect(serve([saved, waits('b', 1)], 2, NOW)).toEqual(turn(['b'], null, ['a']));
    const aside = { ...saved, counted: false };
    expect(serve([aside, waits('b', 1)], 2, NOW)).toEqual(turn(['b']));
    expect(serve([aside, waits('b', 1)], 3, NOW)).toEqual(turn(['a']));
  });

  const anyLine = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      counted: fc.boolean(),
      savingSince: fc.option(fc.integer({ min: 0, max: 2 * SAVING_HOURS }).map(hoursAgo)),
    }),
    { maxLength: 12 },
  );

  it('never gives more than is free, nor anything to somebody before whom another could have it and holds the line', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(15), (entries, free) => {
        const line = entries.map((entry, index) => ({ id: String(index), ...entry }));
        const { offered, saving, aside } = serve(line, free, NOW);
        const wanted = (ids: readonly string[]) => line.filter(({ id }) => ids.includes(id));
        let left = free;
        for (const { quantity } of wanted(offered)) left -= quantity;
        expect(left).toBeGreaterThanOrEqual(0);
        const last = Math.max(-1, ...offered.map(Number));
        for (const entry of line.slice(0, Math.max(0, last)).filter(({ id }) => !offered.includes(id)))
          expect(aside.includes(entry.id) || !entry.counted).toBe(true);
        if (saving !== null) expect(Number(saving)).toBeGreaterThan(last);
        for (const { savingSince } of wanted(aside))
          expect(NOW.getTime() - savingSince!.getTime()).toBeGreaterThanOrEqual(SAVING_HOURS * 3_600_000);
      }),
    );
  });

  it('comes to everybody who can be served, and leaves what nobody waits for to the public, however little comes back at a time', () => {
    fc.assert(
      fc.property(anyLine, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 }), (entries, returns) => {
        let line: Waiting[] = entries.map((entry, index) => ({
          id: String(index),
          ...entry,
          counted: true,
          savingSince: null,
        }));
        const total = line.reduce((sum, { quantity }) => sum + quantity, 0);
        const all = returns.reduce((sum, units) => sum + units, 0);
        let [free, now] = [0, NOW];
        const look = () => {
          for (;;) {
            const { offered, saving, aside } = serve(line, free, now);
            free -= line.filter(({ id }) => offered.includes(id)).reduce((sum, { quantity }) => sum + quantity, 0);
            line = line
              .filter(({ id }) => !offered.includes(id))
              .map((entry) => (entry.id === saving ? { ...entry, savingSince: now } : entry))
              .map((entry) => (aside.includes(entry.id) ? { ...entry, counted: false } : entry));
            if (offered.length === 0 && aside.length === 0) return;
          }
        };
        for (const units of returns) {
          free += units;
          look();
        }
        // In the end nothing is kept for anybody: everybody who is left wants more than is free.
        for (let round = 0; round <= entries.length; round += 1) {
          now = new Date(now.getTime() + SAVING_HOURS * 3_600_000);
          look();
        }
        for (const { quantity } of line) expect(quantity).toBeGreaterThan(free);
        if (all >= total) expect(line).toEqual([]);
      }),
    );
  });
});
