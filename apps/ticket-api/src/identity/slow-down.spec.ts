import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_AT_ADDRESS, ADDRESS, remembered, secondsToWait, type SlowDown } from './slow-down.js';

const now = new Date('2026-05-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const policy: SlowDown = { free: 3, longestWait: 60 };

/** How many guesses somebody has who never waits longer than told. */
function guessesWithin(seconds: number, given: SlowDown): number {
  let past = { failures: 0, lastAt: now };
  let guesses = 0;
  for (let at = 0; at < seconds;) {
    const time = new Date(now.getTime() + at * 1000);
    const wait = secondsToWait(given, past, time);
    if (wait > 0) {
      at += wait;
      continue;
    }
    past = { failures: remembered(past, time) + 1, lastAt: time };
    guesses += 1;
  }
  return guesses;
}

describe('slowing down wrong passwords', () => {
  it('the first failures cost nothing', () => {
    expect(secondsToWait(policy, { failures: 0, lastAt: now }, now)).toBe(0);
    expect(secondsToWait(policy, { failures: 2, lastAt: now }, now)).toBe(0);
  });

  it('then the wait doubles up to the longest', () => {
    const waits = [3, 4, 5, 8, 9, 500].map((failures) => secondsToWait(policy, { failures, lastAt: now }, now));
    expect(waits).toEqual([1, 2, 4, 32, 60, 60]);
  });

  it('a wait that is over lets one attempt through, told in whole seconds', () => {
    expect(secondsToWait(policy, { failures: 5, lastAt: ago(3.5) }, now)).toBe(1);
    expect(secondsToWait(policy, { failures: 5, lastAt: ago(4) }, now)).toBe(0);
  });

  it('all is forgotten after a quiet while', () => {
    expect(remembered({ failures: 9, lastAt: ago(3599) }, now)).toBe(9);
    expect(remembered({ failures: 9, lastAt: ago(3600) }, now)).toBe(0);
    expect(secondsToWait(policy, { failures: 9, lastAt: ago(3600) }, now)).toBe(0);
  });

  it("an account's password can be guessed about a hundred times a day from one address", () => {
    const guesses = guessesWithin(86_400, ACCOUNT_AT_ADDRESS);
    expect(guesses).toBeGreaterThan(50);
    expect(guesses).toBeLessThan(150);
  });

  it('an address that many people share is never stopped for longer than half a minute', () => {
    expect(secondsToWait(ADDRESS, { failures: 1_000_000, lastAt: now }, now)).toBe(30);
  });
});
