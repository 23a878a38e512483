import { on } from '../../bench/stage/databases.mjs';

/** How many orders ended how. */
export async function ordersByOutcome({ inner }) {
  const rows = await on(inner.databases.of['ticket-api'].ownerUrl, OUTCOMES);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}

const OUTCOMES = `
  select concat_ws(', ', status, reason) as outcome, count(*)::int as count from orders group by 1 order by 2 desc`;
