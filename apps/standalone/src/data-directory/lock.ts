import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../expected-error.js';
import { identify, isAlive, type ProcessIdentity } from '../processes/process-identity.js';
import { writeAtomically } from './atomic-file.js';

interface Holder extends ProcessIdentity {
  readonly stopping: boolean;
}

export interface Lock {
  /** Tells whoever waits that it is worth waiting. */
  stopping(): void;
  release(): void;
}

const POLL = 50;
/** A platform whose launcher was killed needs a moment to notice; in milliseconds. */
const NOTICE = 2_000;
/** Longer than an ordered stop can take. */
const STOP = 40_000;
/** A lock that nobody has signed is one whose owner died between making and signing it. */
const UNSIGNED_IS_DEAD_AFTER = 2_000;

/**
 * One platform per data directory. Waits for one that is about to end; takes over what a dead process left.
 * @throws ExpectedError that names the process when another platform lives there.
 */
export async function lockDirectory(
  path: string,
  tell: (message: string) => void,
  signal?: AbortSignal,
): Promise<Lock> {
  const since = Date.now();
  let told = false;
  while (!acquire(path)) {
    signal?.throwIfAborted();
    const holder = holderOf(path);
    const waited = Date.now() - since;
    if (holder?.stopping && !told) {
      tell(`waiting for the platform before us (process ${holder.pid}), which is stopping`);
      told = true;
    }
    if (waited > (holder?.stopping ? STOP : NOTICE)) throw inUse(path, holder);
    await sleep(POLL);
  }
  return {
    stopping: () => writeAtomically(path, signature(true)),
    release: () => unlinkSync(path),
  };
}

function inUse(path: string, holder: Holder | undefined): ExpectedError {
  const who = holder ? `process ${holder.pid}` : 'another process';
  return new ExpectedError(
    `A platform (${who}) already runs on this DATA_DIR (${dirname(path)}). Stop it, or start this one with a DATA_DIR and a PORT of its own.`,
  );
}

const signature = (stopping: boolean) => JSON.stringify({ ...identify(process.pid), stopping });

function acquire(path: string): boolean {
  try {
    writeFileSync(path, signature(false), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isHeld(path)) return false;
  // Only the holder of this second lock removes a dead one, so that nobody removes the successor's.
  const takeover = `${path}.takeover`;
  if (!acquire(takeover)) return false;
  if (!isHeld(path)) remove(path);
  remove(takeover);
  return acquire(path);
}

function isHeld(path: string): boolean {
  const holder = holderOf(path);
  if (holder) return isAlive(holder);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made < UNSIGNED_IS_DEAD_AFTER;
}

function holderOf(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
