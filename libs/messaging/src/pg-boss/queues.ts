import type { Consumer, Envelope } from '@app/contracts';
import type { Queue } from 'pg-boss';
import { consumers } from '../subscribed-types.js';

/**
 * What was published together, as one job: a row of pg-boss, with all its indexes, costs as much as handling its message.
 * Only on its first try; what does not succeed then, or loses its process, goes on as messages of their own.
 */
export interface Bundle {
  envelopes: Envelope[];
}

/** A job of one message. */
export interface MessageJob {
  envelope: Envelope;
  /** Failed tries, and the `retryCount` at which they were written down: claims beyond it were lost with their process. */
  failures?: number;
  claims?: number;
  /** Why it is a dead letter. */
  error?: string;
}

export const queueOf = (consumer: Consumer) => consumer;
export const deadLettersOf = (consumer: Consumer) => `${consumer}.dead-letters`;

const MINUTE = 60;
const YEAR = 365 * 24 * 60 * MINUTE;

/** No message is dropped for its age: a queue keeps what waits for ten years, unless somebody takes it. */
const KEPT = { retentionSeconds: 10 * YEAR, deleteAfterSeconds: MINUTE };

/** Every consumer's queue and dead letters, running or not, so that whoever starts first may publish at once. */
export const QUEUES: Queue[] = consumers.flatMap((consumer) => [
  { name: deadLettersOf(consumer), ...KEPT, retryLimit: 0 },
  {
    name: queueOf(consumer),
    ...KEPT,
    deadLetter: deadLettersOf(consumer),
    notify: true,
    // The strategy counts tries and sets their delays; pg-boss's own limit must not come first.
    retryLimit: 1_000_000,
    retryDelay: 1,
    retryBackoff: false,
    // A killed process is noticed by its silence: its jobs are tried again after 10 to 15 s (10 is pg-boss's least).
    heartbeatSeconds: 10,
    expireInSeconds: 5 * MINUTE,
  },
]);
