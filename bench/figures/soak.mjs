import { openLoop } from '../load/open-loop.mjs';
import { ascending, percentile } from '../load/percentile.mjs';
import { noting, only, orderRequests } from '../load/requests.mjs';
import { compare } from '../rounds.mjs';
import { memoryOf } from '../stage/memory.mjs';
import { topRate } from './latency.mjs';

const SAMPLE = 2_000;
/** Milliseconds that are planned at once: what was measured need not be kept. */
const STRETCH = 15_000;
const MINUTE = 60_000;
/** The goal is for a sale of ten minutes; a shorter one is no proof. */
const GOAL_MINUTES = 10;
/** Tokens last ten minutes, and buyers stay who they are for most of that. */
const SIGN_IN_AGAIN = 5 * MINUTE;

/** A steady sale at half of the top rate: what the services need after a minute is what they need. */
export async function measureSoak(stage, { milliseconds, soakMinutes }) {
  const grouped = await stage.grouped();
  const perSecond = (await topRate(stage, { milliseconds })) / 2;
  await grouped.quiet();
  const samples = [];
  const begin = performance.now();
  const note = () => samples.push({ at: performance.now() - begin, memory: memoryOf(grouped.platform) });
  const timer = setInterval(note, SAMPLE);
  try {
    for (let since = begin; performance.now() - begin < soakMinutes * MINUTE;) {
      if (performance.now() - since > SIGN_IN_AGAIN) {
        await grouped.signIn();
        since = performance.now();
      }
      const answers = await openLoop({
        url: grouped.url,
        connections: 1_000,
        phases: [{ perSecond, milliseconds: STRETCH }],
        next: orderRequests(grouped.endless, grouped.buyers),
        check: noting(grouped.seen),
      });
      only({ perSecond: Object.fromEntries(answers.map(({ kind }) => [kind, 1])) }, '201');
    }
  } finally {
    clearInterval(timer);
  }
  const around = (from, to) => samples.filter(({ at }) => at >= from && at < to);
  const first = needOf(around(MINUTE - STRETCH, MINUTE + STRETCH));
  const last = needOf(samples.slice(-Math.ceil((2 * STRETCH) / SAMPLE)));
  const [grown] = Object.keys(first).toSorted((a, b) => last[b] / first[b] - last[a] / first[a]);
  return {
    soak: {
      ...compare(first[grown], last[grown]),
      isTooShort: soakMinutes < GOAL_MINUTES,
      ...{
        note: `${grown}; ${soakMinutes} minutes at ${Math.round(perSecond)} orders/s`,
        first,
        last,
        series: samples,
      },
    },
  };
}

/** The lower quartile: memory climbs until it is collected, so the valleys tell what is needed. */
const needOf = (samples) =>
  Object.fromEntries(
    Object.keys(samples[0].memory).map((name) => [
      name,
      percentile(ascending(samples.map(({ memory }) => memory[name])), 0.25),
    ]),
  );
