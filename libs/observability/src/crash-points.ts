import { channel } from 'node:diagnostics_channel';

/**
 * Moments between two steps of which each lasts by itself: a process that dies there has done the one and not the other.
 * Where they are and what makes them harmless: docs/faults.md.
 */
export const CRASH_POINTS = [
  'relay/after-claim',
  'relay/after-publish',
  'relay/after-mark',
  'consumer/before-transaction',
  'consumer/after-handler',
  'consumer/after-commit',
  'consumer/after-acknowledgement',
  'http/before-answer',
  'provider/after-answer',
  'mail/after-sending',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What is at that moment on its way: a message's type, a route, a call of the provider, a kind of mail. */
export interface Passing {
  what: string;
  /** Of the message or the mail. */
  id?: string;
}

const passages = channel('ticketing:crash-point');

/** Whether somebody listens, as only those do who look what becomes of a process that dies there. */
export const crashPointsAreWatched = (): boolean => passages.hasSubscribers;

/** Tells whoever listens on `diagnostics_channel`, at once; costs a look when nobody does. */
export function crashPoint(point: CrashPoint, passing: () => readonly Passing[]): void {
  if (passages.hasSubscribers) passages.publish({ point, passing: passing() });
}
