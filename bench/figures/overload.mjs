import { openLoop } from '../load/open-loop.mjs';
import { ascending, percentile } from '../load/percentile.mjs';
import { noting, orderRequests } from '../load/requests.mjs';
import { compare } from '../rounds.mjs';
import { memoryOf } from '../stage/memory.mjs';
import { isLost, recovery, REFUSED, SERVED, timelineOf } from '../load/timeline.mjs';
import { topRate } from './latency.mjs';

/** Times the top rate that cannot be served, if it was the top. */
const DOUBTFUL = 1.2;
/** Orders that the gateway lets wait (ORDER_QUEUE); of the crowd come more. */
const WAITING = 4_000;
const CONNECTIONS = 8_000;

/** Twice as many come as can be served, until all that may wait does. What cannot be served is refused fast, and it passes. */
export async function measureOverload(stage, { milliseconds, quick }) {
  const grouped = await stage.grouped();
  const top = await topRate(stage, { milliseconds });
  const calm = { perSecond: top / 2, milliseconds: Math.max(2_000, milliseconds) };
  const untilFull = (WAITING / top) * 1000;
  const rush = { perSecond: top * 2, milliseconds: Math.max(2_000, milliseconds) + Math.min(untilFull, 10_000) };
  const crowd = async () => {
    await grouped.quiet();
    const answers = await openLoop({
      url: grouped.url,
      connections: CONNECTIONS,
      phases: [calm, rush, { ...calm, milliseconds: calm.milliseconds * 2 }],
      next: orderRequests(grouped.endless, grouped.buyers),
      check: noting(grouped.seen),
    });
    await grouped.quiet();
    return { answers, memory: memoryOf(grouped.platform) };
  };
  const first = await crowd();
  // What the first crowd leaves in memory is what a crowd needs; a second one must not need more.
  const { answers, memory } = quick ? first : await crowd();
  const latencies = (phase, ...kinds) =>
    ascending(
      answers.filter((answer) => answer.phase === phase && kinds.includes(answer.kind)).map(({ latency }) => latency),
    );
  const normal = percentile(latencies(0, SERVED), 0.99);
  const refusals = latencies(1, ...REFUSED);
  const timeline = timelineOf(answers);
  const end = calm.milliseconds + rush.milliseconds;
  const served = servedPerSecond(answers, calm.milliseconds, end);
  const [grown] = Object.keys(memory).toSorted((a, b) => memory[b] / first.memory[b] - memory[a] / first.memory[a]);
  return {
    'overload-served': {
      ...compare(top, served),
      note:
        served > top * DOUBTFUL
          ? 'more than the top rate: that was measured while the machine was disturbed'
          : undefined,
      ...{ kinds: countKinds(answers), series: timeline, rush: { from: calm.milliseconds, to: end } },
    },
    'overload-lost': { subject: answers.filter(isLost).length },
    'overload-tail': compare(normal, percentile(latencies(1, SERVED), 0.99)),
    'overload-refusal':
      refusals.length > 0 ? compare(normal, percentile(refusals, 0.99)) : { note: 'nobody was refused' },
    'overload-recovery': recovery(timeline, end, normal),
    ...(quick
      ? {}
      : {
          'overload-memory': {
            ...compare(first.memory[grown], memory[grown]),
            ...{ note: grown, first: first.memory, memory },
          },
        }),
  };
}

function countKinds(answers) {
  const kinds = {};
  for (const { kind } of answers) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

/** Counted when it was answered, while the crowd was there. */
function servedPerSecond(answers, from, to) {
  const at = ({ due, latency }) => due + latency;
  const during = answers.filter((answer) => answer.kind === SERVED && at(answer) >= from && at(answer) < to);
  return (during.length * 1000) / (to - from);
}
