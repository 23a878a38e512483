import { mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL = 100;
/** A lock without a pid is one whose owner died between making and writing it, in milliseconds. */
const EMPTY_IS_DEAD_AFTER = 2_000;

/** Runs work while no other process of this clone does. A lock that a dead process left is taken over. */
export async function withLock(root, work) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const path = join(root, 'dist', '.preparing');
  let told = false;
  while (!acquire(path)) {
    if (!told)
      console.log(`Waiting for another run (process ${holderOf(path) || 'unknown'}) that is preparing this clone …`);
    told = true;
    await sleep(POLL);
  }
  try {
    return await work();
  } finally {
    unlinkSync(path);
  }
}

function acquire(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isHeld(path)) return false;
  // Only the holder of this second lock removes a dead one, so that nobody removes the successor's.
  const takeover = `${path}.takeover`;
  if (!acquire(takeover)) return false;
  try {
    if (!isHeld(path)) unlinkSync(path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  } finally {
    unlinkSync(takeover);
  }
  return acquire(path);
}

function isHeld(path) {
  try {
    const pid = holderOf(path);
    if (!pid) return Date.now() - statSync(path).mtimeMs < EMPTY_IS_DEAD_AFTER;
    // In a container every run may have the same pid: a lock of ours that we did not just take is a predecessor's.
    if (pid === process.pid) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}
