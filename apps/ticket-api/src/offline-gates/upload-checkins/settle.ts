/**
 * Who of all who went in and out by one ticket is the one that it admitted (docs/offline-gates.md). Pure, and a function of
 * the movements alone: in whatever order and batches gates tell of them, the outcome is the same.
 */
export interface Movement {
  /** Decides between two of the same moment: the scan's id, as its gate made it. */
  key: string;
  direction: 'in' | 'out';
  /** Milliseconds since 1970 by the platform's clock, as far as it can be known. */
  at: number;
}

/** `already-checked-in` and its like: a movement that another one leaves no room for. */
export type Disagreement = 'already-checked-in' | 'not-inside' | 'reentry-not-allowed';

export type Settled<M extends Movement> = { movement: M } & (
  { result: 'admitted' | 'readmitted' | 'left'; reason: null } | { result: 'conflict'; reason: Disagreement }
);

export interface Settlement<M extends Movement> {
  /** In the order in which they happened. */
  settled: Settled<M>[];
  /** The admission that counts. */
  admission: M | undefined;
  /** By which the holder came in last: the admission, or a later way back in. */
  entry: M | undefined;
  /** By which the holder is outside now. */
  outsideBy: M | undefined;
}

/** The earliest of them is admitted; who has left, where that is allowed, may come in once more. */
export function settle<M extends Movement>(movements: readonly M[], reentryAllowed: boolean): Settlement<M> {
  let admission: M | undefined;
  let entry: M | undefined;
  let outsideBy: M | undefined;
  const settled = [...movements].sort(byTime).map((movement): Settled<M> => {
    const conflict = (reason: Disagreement) => ({ movement, result: 'conflict' as const, reason });
    if (movement.direction === 'out') {
      if (!reentryAllowed) return conflict('reentry-not-allowed');
      if (!admission || outsideBy) return conflict('not-inside');
      outsideBy = movement;
      return { movement, result: 'left', reason: null };
    }
    if (!admission) {
      admission = entry = movement;
      return { movement, result: 'admitted', reason: null };
    }
    if (!outsideBy) return conflict('already-checked-in');
    outsideBy = undefined;
    entry = movement;
    return { movement, result: 'readmitted', reason: null };
  });
  return { settled, admission, entry, outsideBy };
}

const byTime = (a: Movement, b: Movement) => a.at - b.at || (a.key < b.key ? -1 : Number(a.key > b.key));
