import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../processes/process-identity.js';
import { lockDirectory } from './lock.js';

let folder: string;
let path: string;
let told: string[];
let stranger: ChildProcess | undefined;

const lock = () => lockDirectory(path, (message) => told.push(message));

/** A lock of another process that lives. */
async function heldByStranger(stopping: boolean): Promise<number> {
  const script = join(folder, 'stranger.mjs');
  writeFileSync(script, 'setInterval(() => {}, 1000); process.send("here");');
  stranger = fork(script);
  await once(stranger, 'message');
  const pid = stranger.pid ?? 0;
  writeFileSync(path, JSON.stringify({ ...identify(pid), stopping }));
  return pid;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-lock-'));
  path = join(folder, 'platform.lock');
  told = [];
});
afterEach(() => {
  stranger?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('the lock of a data directory', () => {
  it('refuses a second platform and names the first', async () => {
    const first = await lock();
    await expect(lock()).rejects.toThrow(`A platform (process ${process.pid}) already runs on this DATA_DIR`);
    first.release();
    (await lock()).release();
    expect(existsSync(path)).toBe(false);
  });

  it('of a dead process is taken over', async () => {
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'once', stopping: false }));
    (await lock()).release();
  });

  it('is not believed when the pid belongs to a later process', async () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'long ago', stopping: false }));
    (await lock()).release();
  });

  it('that nobody signed is taken over once its maker must be dead', async () => {
    writeFileSync(path, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    (await lock()).release();
  });

  it('goes to exactly one of many who find a dead one', async () => {
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'once', stopping: false }));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, lock));
    const winners = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(winners).toHaveLength(1);
  });

  it('is waited for when its holder is stopping, and the person is told', async () => {
    const pid = await heldByStranger(true);
    const waiting = lock();
    await sleep(2_500);
    stranger?.kill('SIGKILL');
    (await waiting).release();
    expect(told).toEqual([`waiting for the platform before us (process ${pid}), which is stopping`]);
  });

  it('is waited for a moment even so: a launcher that was killed is about to be noticed', async () => {
    await heldByStranger(false);
    const waiting = lock();
    await sleep(300);
    stranger?.kill('SIGKILL');
    (await waiting).release();
  });

  it('says that its holder is stopping', async () => {
    const held = await lock();
    held.stopping();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, stopping: true });
    held.release();
  });
});
