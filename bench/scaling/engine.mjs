import { Clock, follow, pause } from './clock.mjs';
import { Lanes } from './lanes.mjs';
import { RowLock } from './machine.mjs';

/** Connections of the prototype's pool; `pgbench` has one for each client. */
const POOL = 20;

/**
 * Orders for one counter without HTTP, by callers who order again when they are answered.
 * @param shape seconds of one order: { before, locked } of a transaction, or { group, order } when they share one
 * @returns orders a second
 */
export function engineRate({ shape, callers, handOver, pooled = true, seconds = 2 }) {
  const clock = new Clock();
  const counter = new RowLock(clock, handOver);
  let placed = 0;
  const transaction = shape.group
    ? (_key, orders) => commit(shape.group + shape.order * orders.length)
    : (_key, orders) => commit(shape.locked, orders.length);
  function* commit(locked) {
    yield pause(clock, shape.before ?? 0);
    yield counter.acquire();
    yield pause(clock, locked);
    counter.release();
  }
  const lanes = new Lanes(clock, transaction, {
    batchSize: shape.group ? 256 : 1,
    parallel: pooled ? POOL : Infinity,
    waiting: Infinity,
  });
  function* caller(name) {
    for (;;) {
      yield lanes.submit(shape.group ? 'event' : name);
      placed += 1;
    }
  }
  // One after the other: who all come at one instant stay one group for ever, which people do not do.
  for (let name = 0; name < callers; name += 1) clock.after(name * 10e-6, () => follow(caller(name)));
  clock.runUntil(seconds / 4);
  const warm = placed;
  clock.runUntil(seconds);
  return (placed - warm) / (seconds * 0.75);
}
