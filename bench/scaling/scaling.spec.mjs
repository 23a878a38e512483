import { expect, it } from '@jest/globals';
import { Clock, follow } from './clock.mjs';
import { constants } from './constants.mjs';
import { Lanes } from './lanes.mjs';
import { Cores, EventLoop, Log, RowLock } from './machine.mjs';
import { simulate } from './simulate.mjs';

const open = { gateways: 2, ticketApis: 2, rate: 2_000, seconds: 0.5, warmUp: 0.25 };
const closed = { gateways: 4, ticketApis: 2, callers: 1_024, seconds: 0.5, warmUp: 0.25 };

it('the same seed tells the same story, another seed another one', () => {
  const { bottleneck: _, ...story } = simulate({ ...open, events: 4 });
  expect(simulate({ ...open, events: 4 })).toMatchObject(story);
  expect(simulate({ ...open, events: 4, seed: 2 }).all.arrived).not.toBe(story.all.arrived);
});

it.each([
  ['below capacity', open],
  ['above it, where some are refused', { ...open, rate: 20_000 }],
  ['with each order alone', { ...closed, callers: 64, batchSize: 1 }],
])('every order that arrived was placed, was refused or is in the house: %s', (_when, scenario) => {
  const { all, inside } = simulate(scenario);
  expect(all.arrived).toBe(all.placed + all.refused + inside);
  expect(inside).toBeGreaterThanOrEqual(0);
});

it('what arrives faster than it can be placed is refused', () => {
  const limits = { ...constants.limits, gateway: { ...constants.limits.gateway, waiting: 100 } };
  const scenario = { ...open, constants: { ...constants, limits } };
  expect(simulate(scenario).refusedPerSecond).toBe(0);
  expect(simulate({ ...scenario, rate: 12_000 }).refusedPerSecond).toBeGreaterThan(0);
});

it("Little's law: orders in the house are their rate times their stay", () => {
  const { meanInside, perSecond, meanLatency } = simulate({ ...open, seconds: 2 });
  expect(meanInside / (perSecond * meanLatency)).toBeCloseTo(1, 1);
});

it('nothing works more than all of the time', () => {
  for (const scenario of [open, closed, { ...closed, events: 16 }])
    for (const share of Object.values(simulate(scenario).busy)) expect(share).toBeLessThanOrEqual(1.05);
});

it('one event is never faster than its row is held for an order, however many replicas there are', () => {
  const most = 1 / (constants.database.whileLocked.order + constants.ticketApi.whileLocked.order);
  const { perSecond, bottleneck } = simulate({ ...closed, gateways: 8, ticketApis: 4, callers: 4_096 });
  expect(perSecond).toBeLessThan(most);
  expect(perSecond).toBeGreaterThan(most / 2);
  expect(bottleneck).toBe('counter row');
});

it('one gateway is never faster than its event loop', () => {
  const { receive, answer } = constants.gateway;
  const { perSecond } = simulate({ ...closed, gateways: 1, ticketApis: 4, events: 4 });
  expect(perSecond).toBeLessThan(1 / (receive + answer));
});

it('a row has one holder at a time, the others get it in turn, and a hand-over costs the more the more wait', () => {
  const clock = new Clock();
  const row = new RowLock(clock, { base: 1, perWaiter: 0.5 });
  const held = [];
  for (const name of ['a', 'b', 'c'])
    row.acquire()(() => {
      held.push([name, clock.now]);
      clock.after(10, () => row.release());
    });
  clock.runUntil(100);
  // Two wait when a lets go: 1 + 2 × 0.5; one waits when b does.
  expect(held).toEqual([['a', 0], ['b', 12], ['c', 23.5]]); // prettier-ignore
});

it('all who wait for the log when a flush begins are on it', () => {
  const clock = new Clock();
  const log = new Log(clock, 2);
  const durable = [];
  for (const at of [0, 0.5, 1]) clock.after(at, () => log.flush()(() => durable.push(clock.now)));
  clock.runUntil(10);
  expect(durable).toEqual([2, 4, 4]);
});

it('an event loop does one thing at a time', () => {
  const clock = new Clock();
  const host = new Cores(clock, 2);
  const loop = new EventLoop(host);
  const ended = [];
  const tell = (name) => () => ended.push([name, Number(clock.now.toFixed(3))]);
  loop.use(1)(tell('first'));
  loop.use(1)(tell('second'));
  host.use(2)(tell('beside'));
  clock.runUntil(10);
  expect(ended.sort()).toEqual([['beside', 2], ['first', 1], ['second', 2]]); // prettier-ignore
});

it('a host does as much at a time as it has cores, in turns', () => {
  const clock = new Clock();
  const host = new Cores(clock, 2);
  const ended = [];
  for (let job = 0; job < 3; job += 1) host.use(2)(() => ended.push(clock.now));
  clock.runUntil(10);
  expect(ended).toHaveLength(3);
  for (const at of ended) expect(at).toBeCloseTo(3, 2);
});

it('what arrives while a batch of its key runs is the next batch, and no larger than allowed', () => {
  const clock = new Clock();
  const batches = [];
  const lanes = new Lanes(
    clock,
    function* (key, jobs) {
      batches.push([key, jobs.length, clock.now]);
      yield (resume) => clock.after(1, resume);
    },
    { batchSize: 3, parallel: 2, waiting: 100 },
  );
  const submit = (key) => follow([lanes.submit(key)][Symbol.iterator]());
  submit('a');
  clock.after(0.5, () => 'aaaab'.split('').forEach(submit));
  clock.runUntil(10);
  expect(batches).toEqual([['a', 1, 0], ['b', 1, 0.5], ['a', 3, 1], ['a', 1, 2]]); // prettier-ignore
});

it('who finds that the first in line has lost patience is refused', () => {
  const clock = new Clock();
  const work = function* () {
    yield (resume) => clock.after(10, resume);
  };
  const lanes = new Lanes(clock, work, { batchSize: 1, parallel: 1, waiting: 100, patience: 2 });
  const refused = [];
  for (const at of [0, 1, 2.9, 3.1]) clock.after(at, () => lanes.submit('a')((good) => good || refused.push(at)));
  clock.runUntil(5);
  expect(refused).toEqual([3.1]);
});

it('who finds too many waiting is refused, and the next finds room when they have begun', () => {
  const clock = new Clock();
  const work = function* () {
    yield (resume) => clock.after(1, resume);
  };
  const lanes = new Lanes(clock, work, { batchSize: 1, parallel: 1, waiting: 1 });
  const outcomes = [];
  const submitAt = (at) => clock.after(at, () => lanes.submit('a')((good) => outcomes.push([at, good])));
  [0, 0.5, 0.6, 1.5].forEach(submitAt);
  clock.runUntil(10);
  expect(outcomes).toEqual([[0.6, false], [0, true], [0.5, true], [1.5, true]]); // prettier-ignore
});
