import { setTimeout as sleep } from 'node:timers/promises';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';

/**
 * Lets the planned faults happen at their times, and undoes each at its end; all are undone when it returns.
 * @param tell is given each fault when it has begun
 * @returns what happened: of each its `kind`, and `failed` with the reason if it could not be done or undone
 */
export async function strike(plan, kinds, world, { since, tell }) {
  const happened = [];
  const lasting = [];
  let isInterrupted = false;
  const interrupt = toBeUndone(() => (isInterrupted = true));
  for (const fault of plan) {
    await sleep(Math.max(0, since + fault.at * 1000 - Date.now()));
    if (isInterrupted) break;
    const outcome = { kind: fault.kind };
    happened.push(outcome);
    const { begin } = kinds.find(({ kind }) => kind === fault.kind);
    try {
      // Beginning may take a while, and the next one does not wait for it.
      const begun = Promise.resolve(begin(world, fault.detail));
      lasting.push(lastFor(fault, begun, outcome, tell));
    } catch (error) {
      outcome.failed = error.message;
      tell(fault, outcome);
    }
  }
  await Promise.all(lasting);
  interrupt();
  return happened;
}

async function lastFor(fault, begun, outcome, tell) {
  try {
    const undo = await begun;
    tell(fault, outcome);
    if (typeof undo !== 'function') return;
    await sleep(fault.seconds * 1000);
    await undo();
  } catch (error) {
    outcome.failed = error.message;
    tell(fault, outcome);
  }
}
