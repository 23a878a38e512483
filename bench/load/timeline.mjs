import { ascending, percentile } from './percentile.mjs';

/** What an order may be answered with. */
export const SERVED = '201';
export const REFUSED = ['429', '503'];
/** Milliseconds of a point of the timeline. */
const WINDOW = 500;
/** p99 is normal again when it stays below so many times its value before the overload. */
const NORMAL = 3;

/**
 * @param answers of an open loop
 * @returns by windows of time: requests a second that were due then and the p99 of what became of them, whenever that was;
 *   and answers a second that came then
 */
export function timelineOf(answers) {
  const last = Math.max(...answers.map(({ due, latency }) => due + latency));
  const windows = Array.from({ length: Math.floor(last / WINDOW) + 1 }, (_, n) => ({
    at: n * WINDOW,
    due: [],
    came: [],
  }));
  for (const answer of answers) {
    windows[Math.floor(answer.due / WINDOW)].due.push(answer);
    windows[Math.floor((answer.due + answer.latency) / WINDOW)].came.push(answer);
  }
  const perSecond = (some) => (some.length * 1000) / WINDOW;
  const p99 = (some) => percentile(ascending(some.map(({ latency }) => latency)), 0.99);
  return windows.map(({ at, due, came }) => ({
    at,
    asked: perSecond(due),
    served: perSecond(came.filter(isServed)),
    refused: perSecond(came.filter(isRefused)),
    lost: perSecond(came.filter(isLost)),
    p99: p99(due.filter(isServed)),
    refusalP99: p99(due.filter(isRefused)),
    isBad: due.some((answer) => !isServed(answer)),
  }));
}

const isServed = ({ kind }) => kind === SERVED;
const isRefused = ({ kind }) => REFUSED.includes(kind);
export const isLost = (answer) => !isServed(answer) && !isRefused(answer);

/**
 * @returns seconds from the end of the rush to the first moment after which nobody who came was refused or waited longer
 *   than is normal; `isMore` when that was not seen
 */
export function recovery(timeline, end, normal) {
  const later = timeline.filter(({ at, asked }) => at >= end && asked > 0);
  const windows = later.findLastIndex(({ p99, isBad }) => isBad || !(p99 <= NORMAL * normal)) + 1;
  return { subject: (windows * WINDOW) / 1000, isMore: windows === later.length };
}
