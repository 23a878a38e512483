import { Id } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { ProblemError } from '@app/problem-details';
import { z } from 'zod';

const LARGEST = 2n ** 64n - 1n;
/** Number of a transaction (`xid8`). */
const Transaction = z
  .string()
  .regex(/^\d{1,20}$/)
  .refine((xid) => BigInt(xid) <= LARGEST);
const History = z.string().max(40);

/** `since`: what a manifest told of ran before this transaction, in this history of the database. */
const Since = z.tuple([Id, History, Transaction]);
/** `cursor`: after this ticket of the manifest that began so; a delta since then, or (null) a whole one. */
const Cursor = z.tuple([Id, History, Transaction, Id, Transaction.nullable()]);

/** Where a page begins. */
export interface Position {
  history: string;
  /** The `since` that the whole answer ends with; undefined on a first page, which finds it out. */
  next: string | undefined;
  after: string | null;
  /** Changes since this transaction; null: all tickets. */
  since: string | null;
}

/** @throws ProblemError `validation-failed` for what is not ours, or of another event */
export function readPosition(
  eventId: string,
  given: { since?: string | undefined; cursor?: string | undefined },
): Position | undefined {
  const cursor = decodeCursor(given.cursor, Cursor);
  if (cursor) {
    const [of, history, next, after, since] = cursor;
    return sameEvent('cursor', of, eventId, { history, next, after, since });
  }
  const token = decodeCursor(given.since, Since, 'since');
  if (!token) return undefined;
  const [of, history, since] = token;
  return sameEvent('since', of, eventId, { history, next: undefined, after: null, since });
}

export const writeSince = (eventId: string, history: string, next: string): string =>
  encodeCursor([eventId, history, next]);

export const writeCursor = (eventId: string, { history, next, after, since }: Required<Position>): string =>
  encodeCursor([eventId, history, next, after, since]);

function sameEvent(path: string, of: string, eventId: string, position: Position): Position {
  if (of === eventId) return position;
  throw new ProblemError('validation-failed', undefined, { errors: [{ path, message: 'is of another event' }] });
}
