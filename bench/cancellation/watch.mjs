import { setTimeout as sleep } from 'node:timers/promises';
import { ascending, percentile } from '../load/percentile.mjs';
import { memoryOf } from '../stage/memory.mjs';

const SAMPLE = 500;

/**
 * Asks how far the cancellation is until it is done, as an organizer would, and notes the memory of each process.
 * @param onProgress called with each answer
 * @returns { seconds, wrong, memory, answered }: the time that it took, where it went backwards, megabytes by process, and
 * how many milliseconds an answer took in the middle and at worst
 */
export async function watch(site, eventId, limitSeconds, onProgress) {
  const wrong = [];
  const memory = [];
  const times = [];
  let last;
  for (const begun = performance.now(); ; await sleep(SAMPLE)) {
    const seconds = (performance.now() - begun) / 1000;
    const asked = performance.now();
    const progress = await read(site, eventId);
    memory.push(usedBy(site.platform));
    if (progress) {
      times.push(performance.now() - asked);
      if (last) wrong.push(...backwards(last, progress));
      last = progress;
      await onProgress(progress, seconds);
      if (progress.doneAt) return { seconds, progress, wrong, memory: summed(memory), answered: spread(times) };
    }
    if (seconds > limitSeconds) {
      wrong.push(`not done after ${limitSeconds} s: ${JSON.stringify(last)}`);
      return { seconds, progress: last, wrong, memory: summed(memory), answered: spread(times) };
    }
  }
}

/** @returns undefined while ticket-api is away */
async function read(site, eventId) {
  const headers = site.organizer.headers;
  const answer = await fetch(`${site.url}/api/v1/events/${eventId}/cancellation`, { headers }).catch(() => undefined);
  if (!answer || answer.status === 503 || answer.status === 502) return undefined;
  if (!answer.ok) throw new Error(`The progress: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** What must only grow, or only shrink. */
function backwards(before, { orders, refunds }) {
  const steps = [
    ['orders to end', orders.toEnd, before.orders.toEnd],
    ['ended orders', before.orders.ended, orders.ended],
    ['requested refunds', before.refunds.requested.count, refunds.requested.count],
    ['moved refunds', before.refunds.moved.count, refunds.moved.count],
  ];
  return steps
    .filter(([, lower, higher]) => lower > higher)
    .map(([what, one, other]) => `${what}: ${one} and ${other} in the wrong order`);
}

/** A process that was killed has none until it is back. */
function usedBy(platform) {
  try {
    return memoryOf(platform);
  } catch {
    return {};
  }
}

/** Of each process the valleys of the second and of the last quarter (what is needed, not what waits to be collected) and the peak. */
function summed(samples) {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  const quarter = Math.ceil(samples.length / 4);
  const need = (some, name) => percentile(ascending(some.flatMap((sample) => sample[name] ?? [])), 0.25);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        early: Math.round(need(samples.slice(quarter, 2 * quarter), name)),
        late: Math.round(need(samples.slice(-quarter), name)),
        peak: Math.round(Math.max(...samples.map((sample) => sample[name] ?? 0))),
      },
    ]),
  );
}

/** Milliseconds in the middle and at worst. */
export function spread(times) {
  const sorted = ascending(times);
  return { middle: Math.round(percentile(sorted, 0.5)), worst: Math.round(sorted.at(-1) ?? NaN) };
}
