/** Whose database: the services that keep what invariants speak of. */
export const SERVICES = ['ticket-api', 'payment-service', 'notification-service'] as const;
export type Service = (typeof SERVICES)[number];

export const INVARIANTS = {
  I1: 'of every stock counter 0 ≤ taken ≤ capacity, and taken is what its pending and confirmed orders hold',
  I2: 'every paid order has its tickets, or its money back, or a mix that adds up',
  I3: "the books equal the provider's to the cent",
  I4: "no ticket without payment, zero price or an organizer's word",
  I5: 'a ticket admits once',
  I6: 'nothing waits in outboxes and queues, and no message has died',
  I7: 'every answer that was recorded for a repeated request is still true',
  I8: "no tenant sees or writes another's row, and nobody sees any without a tenant, but for what is published",
  I9: 'no hold outlives its end by more than 30 s',
  I10: 'every confirmed order has its mail, and no mail lacks its order',
  I11: 'no order went a way that the rules do not allow',
  I12: 'a ticket has one holder, whom its order and its transfers name, and its version counts them',
  I13: 'nobody waits for the money of a ticket that was sold again',
} as const;
export type InvariantId = keyof typeof INVARIANTS;

/** Those that are asked only after every message has had its effect: until then a busy platform may break them. */
export const AT_REST: readonly InvariantId[] = ['I6', 'I9', 'I10', 'I13'];

/** What one statement on one service's database can find: each row breaks the invariant. */
export interface Rule {
  invariant: InvariantId;
  database: Service;
  /** What is wrong, in the plural: "orders whose …". */
  broken: string;
  /** What a person does about it. */
  remedy: string;
  /** Selects the rows that are wrong; `now()` is the snapshot's. */
  sql: string;
}

/** What two services know of the same things, as keys that begin with a UUID. */
export interface Comparison {
  left: Side;
  right: Side;
  /** What it means that a key stands on one side only; absent: nothing. */
  leftOnly?: Difference;
  rightOnly?: Difference;
}

export interface Side {
  database: Service;
  /** Tables and joins. */
  from: string;
  /** The UUID that keys begin with: a column with an index, so that a few keys are quickly looked for. */
  id: string;
  /** SQL for the key, a text. */
  key: string;
  where: string;
  /** Also in order, though the other side need not know of it; `where` unless given. */
  allowed?: string;
}

export type Difference = Pick<Rule, 'invariant' | 'broken' | 'remedy'>;

/** Something that is broken. */
export interface Finding extends Difference {
  found: number;
  /** Whether there may be more than were found. */
  atLeast: boolean;
  /** The first of them. */
  examples: unknown[];
}

/** An invariant, or a part of it, could not be judged: the message says why. That is never the same as "it holds". */
export class NotChecked extends Error {
  override name = 'NotChecked';
}
