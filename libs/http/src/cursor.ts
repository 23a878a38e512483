import { ProblemError } from '@app/problem-details';
import type { z } from 'zod';

/** A page's `nextCursor`: opaque to the client, the sort key of the last row to us. */
export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');

/**
 * The position that a `cursor` stands for, or what came in another field; `undefined` without one.
 * @throws ProblemError `validation-failed` for a cursor that `position` does not recognise.
 */
export function decodeCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  position: Schema,
  field = 'cursor',
): z.infer<Schema> | undefined {
  if (cursor === undefined) return undefined;
  const read = position.safeParse(jsonOf(cursor));
  if (read.success) return read.data;
  const errors = [{ path: field, message: 'is not one that we gave' }];
  throw new ProblemError('validation-failed', undefined, { errors });
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
