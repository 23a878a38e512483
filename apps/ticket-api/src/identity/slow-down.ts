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
}

/** Seconds without an attempt after which all is forgotten. */
export const FORGET_AFTER = 3600;

/**
 * An account is slowed for the address that guesses, and for no other, so nobody can lock another person out: 10 guesses,
 * then about 100 a day.
 */
export const ACCOUNT_AT_ADDRESS: SlowDown = { free: 10, longestWait: 900 };
/** One address that tries many accounts. Weak, because many people may share it. */
export const ADDRESS: SlowDown = { free: 100, longestWait: 30 };

/**
 * An account at all addresses together from which it was never entered: guesses by a crowd of addresses, each of which has
 * the free ones of its own. The person is not slowed by it at home, nor anywhere for longer than a minute.
 */
export const ACCOUNT_ELSEWHERE: SlowDown = { free: 100, longestWait: 60 };
/** Who is signed in and asked for the password again: whoever stole a session must not guess it, from wherever. */
export const CONFIRMATION: SlowDown = { free: 10, longestWait: 900 };
/**
 * Codes of a second factor, after the right password. Three of a million fit at any moment (one step of 30 s before and
 * after), and a hundred tries a day are one chance in 3,000 a day.
 */
export const SECOND_FACTOR: SlowDown = { free: 5, longestWait: 900 };
/** One address that has mails sent, whoever they are for: about forty an hour. */
export const MAILS_OF_ADDRESS: SlowDown = { free: 30, longestWait: 300 };

/** Invitations of one person, whose words stand in the mails: a whole crew at once, if the e-mail of who invites is proven. */
export const INVITATIONS: SlowDown = { free: 200, longestWait: 60 };
export const INVITATIONS_OF_UNPROVEN: SlowDown = { free: 20, longestWait: 300 };
/** Invitations to one address, whoever they are from. */
export const INVITATIONS_TO_ADDRESS: SlowDown = { free: 5, longestWait: 900 };

/** Offers of tickets that one person mails: those of a large order at once. */
export const OFFERS: SlowDown = { free: 50, longestWait: 60 };
export const OFFERS_OF_UNPROVEN: SlowDown = { free: 10, longestWait: 300 };
/** Offers to one address, whoever they are from: the tickets of a family. */
export const OFFERS_TO_ADDRESS: SlowDown = { free: 20, longestWait: 900 };

/** Failures that still count. */
export const remembered = ({ failures, lastAt }: Failures, now: Date): number =>
  secondsBetween(lastAt, now) < FORGET_AFTER ? failures : 0;

/** Whole seconds until the next attempt may be made; 0 is now. */
export function secondsToWait({ free, longestWait }: SlowDown, past: Failures, now: Date): number {
  const beyond = remembered(past, now) - free;
  if (beyond < 0) return 0;
  const wait = Math.min(2 ** beyond, longestWait);
  return Math.max(0, Math.ceil(wait - secondsBetween(past.lastAt, now)));
}

const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1000;
