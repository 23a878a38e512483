/** What is remembered of failed attempts of one subject. */
export interface Failures {
  failures: number;
  lastAt: Date;
}

/** All times in seconds. */
export interface SlowDown {
  /** Failures without consequence. */
  free: number;
  /** The wait after one more doubles with each that follows, up to this. */
  longestWait: number;
  /** After this long without an attempt all is forgotten. */
  forgetAfter: number;
}

const HOUR = 3600;

/**
 * An account is slowed for the address that guesses, and for no other, so nobody can lock another person out: 10 guesses,
 * then about 100 a day.
 */
export const ACCOUNT_AT_ADDRESS: SlowDown = { free: 10, longestWait: 900, forgetAfter: HOUR };
/** One address that tries many accounts. Weak, because many people may share it. */
export const ADDRESS: SlowDown = { free: 100, longestWait: 30, forgetAfter: HOUR };

/** Failures that still count. */
export const remembered = (policy: SlowDown, past: Failures | null, now: Date): number =>
  past && secondsBetween(past.lastAt, now) < policy.forgetAfter ? past.failures : 0;

/** Whole seconds until the next attempt may be made; 0 is now. */
export function secondsToWait(policy: SlowDown, past: Failures | null, now: Date): number {
  const beyond = remembered(policy, past, now) - policy.free;
  if (!past || beyond < 0) return 0;
  const wait = Math.min(2 ** beyond, policy.longestWait);
  return Math.max(0, Math.ceil(wait - secondsBetween(past.lastAt, now)));
}

const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1000;
