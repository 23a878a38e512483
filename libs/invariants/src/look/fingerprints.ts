import type { Side } from '../invariant.js';
import type { Snapshot } from './snapshot.js';

/** So many groups of keys are compared by their sum first; a few different keys then cost a few groups. */
const BUCKETS = 4_096;
/** Keys of differing groups that are compared one by one at most, so that a broken million does not fill the memory. */
const MOST_KEYS = 200_000;

interface Fingerprint {
  bucket: number;
  keys: number;
  sum: string;
}

const keysOf = ({ from, where, key }: Side) => `select ${key} as key from ${from} where (${where})`;
const bucketOf = `(hashtextextended(key, 0) & ${BUCKETS - 1})::int`;

/** The groups of keys whose number or sum is not the same in two databases; two that are the same have the same keys. */
export async function differingBuckets(
  [left, inLeft]: [Side, Snapshot],
  [right, inRight]: [Side, Snapshot],
): Promise<{ buckets: number[]; all: boolean }> {
  const [ours, theirs] = await Promise.all([fingerprints(left, inLeft), fingerprints(right, inRight)]);
  const buckets: number[] = [];
  let keys = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const [one, other] = [ours.get(bucket), theirs.get(bucket)];
    if (one?.keys === other?.keys && one?.sum === other?.sum) continue;
    keys += Math.max(one?.keys ?? 0, other?.keys ?? 0);
    if (keys > MOST_KEYS && buckets.length > 0) return { buckets, all: false };
    buckets.push(bucket);
  }
  return { buckets, all: true };
}

/** The keys of some groups. */
export async function keysIn(buckets: readonly number[], side: Side, snapshot: Snapshot): Promise<Set<string>> {
  const rows = await snapshot.apart(() =>
    snapshot.rows<{ key: string }>(`select key from (${keysOf(side)}) as keys where ${bucketOf} = any($1)`, [buckets]),
  );
  return new Set(rows.map(({ key }) => key));
}

/** Which of these keys are there, found by the ids that they begin with. */
export async function whichOf(keys: readonly string[], side: Side, snapshot: Snapshot): Promise<Set<string>> {
  const ids = keys.map((key) => key.split(' ', 1)[0]);
  const rows = await snapshot.apart(() =>
    snapshot.rows<{ key: string }>(
      `select key from (${keysOf(side)} and ${side.id} = any($1::uuid[])) as keys where key = any($2::text[])`,
      [ids, keys],
    ),
  );
  return new Set(rows.map(({ key }) => key));
}

async function fingerprints(side: Side, snapshot: Snapshot): Promise<Map<number, Fingerprint>> {
  const rows = await snapshot.apart(() =>
    snapshot.rows<Fingerprint>(
      `select ${bucketOf} as bucket, count(*)::int as keys, bit_xor(hashtextextended(key, 1))::text as sum
       from (${keysOf(side)}) as keys group by 1`,
    ),
  );
  return new Map(rows.map((row) => [row.bucket, row]));
}
