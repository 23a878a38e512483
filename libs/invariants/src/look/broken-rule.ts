import type { Finding, Rule } from '../invariant.js';
import type { Snapshot } from './snapshot.js';

/** @returns how many rows break the rule and the first of them; undefined when none does */
export async function brokenRule(
  { sql, invariant, broken, remedy }: Rule,
  snapshot: Snapshot,
  examples: number,
): Promise<Finding | undefined> {
  const rows = await snapshot.apart(() =>
    snapshot.rows<{ found: number; row: unknown }>(
      `select (count(*) over ())::int as found, to_json(wrong) as row from (${sql}) as wrong limit $1`,
      [examples],
    ),
  );
  if (!rows[0]) return undefined;
  return { invariant, broken, remedy, found: rows[0].found, atLeast: false, examples: rows.map(({ row }) => row) };
}
