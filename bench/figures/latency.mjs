import { openLoop } from '../load/open-loop.mjs';
import { ascending, percentile } from '../load/percentile.mjs';
import { compare } from '../rounds.mjs';
import { noting, only, orderRequests, orders } from '../load/requests.mjs';

/** Milliseconds: some thousand orders, so that one in a hundred is more than a few. */
const LEAST = 2_000;
/** Of which the first warms up. */
const ROUNDS = 3;
const SHARES = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1];

/** How long buyers wait while half of what is possible is asked for, by the clock and not by those who have an answer. */
export async function measureTail(stage, { milliseconds }) {
  const grouped = await stage.grouped();
  const top = await topRate(stage, { milliseconds });
  await grouped.quiet();
  const answers = await openLoop({
    url: grouped.url,
    connections: 1_000,
    phases: [
      { perSecond: top / 2, milliseconds: milliseconds / 2 },
      { perSecond: top / 2, milliseconds: Math.max(LEAST, milliseconds * 3) },
    ],
    next: orderRequests(grouped.endless, grouped.buyers),
    check: noting(grouped.seen),
  });
  // The first phase only warms up: connections are being made.
  const counted = answers.filter(({ phase }) => phase === 1);
  only({ perSecond: Object.fromEntries(counted.map(({ kind }) => [kind, 1])) }, '201');
  const latencies = ascending(counted.map(({ latency }) => latency));
  return {
    tail: {
      ...compare(percentile(latencies, 0.5), percentile(latencies, 0.99)),
      perSecond: top / 2,
      series: SHARES.map((share) => ({ share, milliseconds: percentile(latencies, share) })),
    },
  };
}

/** What a closed loop of 256 callers reaches at its best, once for all who ask: half and twice of less would say nothing. */
export function topRate(stage, { milliseconds }) {
  return stage.part('top rate', async () => {
    const grouped = await stage.grouped();
    let best = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await grouped.quiet();
      const pace = { callers: 256, milliseconds: Math.max(1_000, milliseconds) };
      best = Math.max(best, await orders(grouped, grouped.endless, pace));
    }
    return best;
  });
}
