import { describe, expect, it } from '@jest/globals';
import { kindsFor } from './faults/kinds.mjs';
import { planFaults } from './faults/plan.mjs';
import { planClients } from './load/plan.mjs';
import { STORY_NAMES } from './load/stories.mjs';

const FIVE_MINUTES = 300;
const can = { breakDown: () => undefined, comeBack: () => undefined };
const everything = kindsFor({ database: can, broker: can, cache: can });
const clients = (seed) =>
  planClients(seed, { seconds: 60, rate: 12, holdSeconds: 20, buyers: 60, events: 9, stories: STORY_NAMES });

describe('the plan of a chaos run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(7, FIVE_MINUTES, everything)).toEqual(planFaults(7, FIVE_MINUTES, everything));
    expect(planFaults(7, FIVE_MINUTES, everything)).not.toEqual(planFaults(8, FIVE_MINUTES, everything));
    expect(clients(7)).toEqual(clients(7));
    expect(clients(7)).not.toEqual(clients(8));
  });

  it('has a fault every 3 to 8 seconds, and most kinds within five minutes', () => {
    const faults = planFaults(3, FIVE_MINUTES, everything);
    const pauses = faults.slice(1).map(({ at }, n) => at - faults[n].at);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(everything.length / 2);
  });

  it.each([1, 2, 3, 4, 5])('never hits the same thing twice at once (seed %i)', (seed) => {
    const faults = planFaults(seed, FIVE_MINUTES, everything);
    const holdsOf = (fault) => everything.find(({ kind }) => kind === fault.kind).holds;
    for (const [n, fault] of faults.entries()) {
      const later = faults.slice(n + 1).filter((other) => holdsOf(other) && holdsOf(other) === holdsOf(fault));
      for (const other of later) expect(other.at).toBeGreaterThan(fault.at + fault.seconds);
    }
  });

  it('breaks down no server that others use, and does nothing to one that is not there', () => {
    const given = kindsFor({ database: {}, broker: {}, cache: { forget: () => undefined } }).map(({ kind }) => kind);
    expect(given).toContain('broker-away');
    expect(given.filter((kind) => kind.endsWith('-restart'))).toEqual([]);
    const embedded = kindsFor({ database: can }).map(({ kind }) => kind);
    expect(embedded).toContain('database-restart');
    expect(embedded.filter((kind) => /^(broker|cache)-/.test(kind))).toEqual([]);
  });

  it('cancels two events, and lets some buyers pay after their hold has ended', () => {
    const { clients: crowd, cancellations } = clients(5);
    expect(new Set(cancellations.map(({ event }) => event)).size).toBe(2);
    expect(crowd.some(({ hesitates }) => hesitates > 20)).toBe(true);
    expect(new Set(crowd.map(({ story }) => story)).size).toBe(new Set(STORY_NAMES).size);
  });
});
