import { setTimeout as sleep } from 'node:timers/promises';
import { kindsFor } from './faults/kinds.mjs';
import { planFaults } from './faults/plan.mjs';
import { strike } from './faults/strike.mjs';
import { Caller } from './load/caller.mjs';
import { assemble, SIZES } from './load/cast.mjs';
import { crowd } from './load/crowd.mjs';
import { planClients, ticketsWished } from './load/plan.mjs';
import { Record } from './load/record.mjs';
import { STORY_NAMES } from './load/stories.mjs';
import { titleOf } from './peers/peers.mjs';
import { judgeClients, resolveOpen } from './verdict/clients.mjs';
import { comeToRest } from './verdict/come-to-rest.mjs';
import { ordersByOutcome } from './verdict/outcomes.mjs';
import { sample, wordsOf } from './verdict/sampler.mjs';
import { openWorld, sourcesOf } from './world.mjs';

/** Seconds that a hold lasts: its end, and money that comes after it, belong to every run. */
const HOLD = 20;
const HOLD_IN_A_HURRY = 8;
const HURRY = 60;
/** Seconds in which everything must have come to rest after the last fault, and in which messages must have drained. */
const REST = 180;

/**
 * Clients buy, pay, cancel, give back and enter while faults strike; then all faults end, everything comes to rest, and
 * the invariants and everything that clients were told are judged.
 * @returns the result; `verdict` is the exit code @throws with where the logs are, when the run breaks off
 */
export async function chaos(root, { minutes, seed, rate, isPrivate, say }) {
  const seconds = minutes * 60;
  const holdSeconds = seconds < HURRY ? HOLD_IN_A_HURRY : HOLD;
  const world = await openWorld(root, { isPrivate, holdSeconds });
  const { dataDirectory } = world.platform;
  let result;
  try {
    result = await run(world, { seconds, seed, rate, holdSeconds, say });
  } catch (error) {
    await world.close({ keep: true });
    throw new Error(`The run broke off; the platform's logs stay in ${dataDirectory}.`, { cause: error });
  }
  await world.close({ keep: result.verdict !== 0 });
  return { seed, minutes, rate, ...result, ...(result.verdict !== 0 && { kept: dataDirectory }) };
}

async function run(world, { seconds, seed, rate, holdSeconds, say }) {
  const { audit } = await import('../dist/libs/invariants/src/index.js');
  const record = new Record();
  const kinds = kindsFor(world.peers);
  const plan = planClients(seed, { seconds, rate, holdSeconds, ...SIZES, stories: STORY_NAMES });
  const faults = planFaults(seed, seconds, kinds);
  const cast = await assemble(world, ticketsWished(plan));
  const caller = new Caller(world.platform.url, record);
  void world.platform.ended.then((code) => isOver || record.wrong.push(`the platform ended by itself, with ${code}`));
  let isOver = false;
  try {
    say(
      `Seed ${seed}: ${plan.clients.length} clients and ${faults.length} faults in ${seconds} s, on ${titleOf(world.peers)}.`,
    );
    const since = Date.now();
    const clock = () => `${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s`;
    const stopSampling = sample(audit, sourcesOf(world), seconds * 1000, (wrong) => say(`${clock()}  WRONG  ${wrong}`));
    const living = crowd(plan, { caller, record, cast, holdSeconds }, since);
    const tell = ({ kind, seconds: lasts, detail }, { failed }) =>
      say(`${clock()}  ${wordsOfFault(kind, lasts, detail, failed)}`);
    const struck = await strike(faults, kinds, world, { since, tell });
    await sleep(Math.max(0, since + seconds * 1000 - Date.now()));
    say(`${clock()}  no more faults: everything comes to rest`);
    await living;
    say(`${clock()}  every client has gone home`);
    await resolveOpen(record, caller);
    const waiting = await comeToRest(world, REST);
    say(`${clock()}  nothing waits any more`);
    const atRest = await audit(sourcesOf(world), AT_REST);
    say(`${clock()}  the invariants are judged`);
    const sampled = await stopSampling();
    await judgeClients(record, caller, world);
    say(`${clock()}  so is what clients were told`);
    isOver = true;
    return resultOf({ struck, record, sampled, waiting, atRest, orders: await ordersByOutcome(world) });
  } finally {
    isOver = true;
    cast.dismiss();
    await caller.close();
  }
}

const AT_REST = {
  ...{ atRest: true, waitSeconds: REST, patienceSeconds: 30, examples: 5, expectedDeadLetters: 0, providerHours: 24 },
};

function wordsOfFault(kind, seconds, detail, failed) {
  const particulars = Object.entries(detail).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? +value.toFixed(2) : value}`,
  );
  const words = [kind, ...(seconds > 0 ? [`for ${seconds.toFixed(1)} s`] : []), ...particulars].join(', ');
  return failed ? `${words}: NOT DONE, ${failed}` : words;
}

function resultOf({ struck, record, sampled, waiting, atRest, orders }) {
  const wrong = [
    ...record.wrong,
    ...sampled.wrong,
    ...waiting.map((what) => `at rest there still are ${what}`),
    ...atRest.judgements.flatMap(wordsOf),
  ];
  const notChecked = atRest.judgements.flatMap(({ invariant, notChecked: why }) =>
    why.map((reason) => `${invariant}: ${reason}`),
  );
  if (sampled.saw === 0) notChecked.push('no look in the middle of the run saw everything');
  const done = struck.filter(({ failed }) => !failed);
  if (done.length === 0) notChecked.push('no fault could be done');
  return {
    faults: countBy(done, ({ kind }) => kind),
    faultsNotDone: countBy(
      struck.filter(({ failed }) => failed),
      ({ kind }) => kind,
    ),
    orders,
    answers: record.answers,
    looks: sampled.looks,
    invariants: Object.fromEntries(atRest.judgements.map(({ invariant, state }) => [invariant, state])),
    wrong,
    notChecked,
    verdict: wrong.length > 0 ? 1 : notChecked.length > 0 ? 2 : 0,
  };
}

function countBy(list, nameOf) {
  const counts = {};
  for (const one of list) counts[nameOf(one)] = (counts[nameOf(one)] ?? 0) + 1;
  return counts;
}
