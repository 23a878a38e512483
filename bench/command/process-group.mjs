import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBeUndone } from './clean-ups.mjs';

/** How long a group may take to end, in milliseconds: a platform in it gives its services 27 s. */
const WAYS_TO_END = [
  ['SIGTERM', 35_000],
  ['SIGKILL', 2_000],
];
const POLL = 50;

/**
 * A program and all that it starts, as a process group of its own. When a signal ends us, the whole group is ended first;
 * then `ended` never resolves, for there is no result.
 * @param options as `spawn` of node:child_process has them
 */
export function startGroup(command, args, options) {
  const leader = spawn(command, args, { ...options, detached: true });
  let isInterrupted = false;
  const closed = new Promise((resolve, reject) => leader.once('error', reject).once('close', resolve));
  const end = toBeUndone(async () => {
    isInterrupted = leader.exitCode === null && leader.signalCode === null;
    await endGroup(leader.pid);
  });
  const ended = new Promise((resolve, reject) => {
    closed.finally(() => isInterrupted || end()).then((code) => isInterrupted || resolve(code), reject);
  });
  return { leader, ended };
}

/** Resolves when nothing of the group is left. */
async function endGroup(id) {
  for (const [signal, patience] of WAYS_TO_END) {
    if (!tell(id, signal)) return;
    for (const limit = Date.now() + patience; Date.now() < limit; await sleep(POLL)) if (!tell(id, 0)) return;
  }
}

/** False when there is no such group any more. */
function tell(id, signal) {
  try {
    return process.kill(-id, signal);
  } catch {
    return false;
  }
}
