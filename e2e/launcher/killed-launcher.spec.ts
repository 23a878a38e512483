import { expect, it } from '@jest/globals';
import { startPlatform } from '@app/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/client.js';

/** Services give themselves this long to stop, in milliseconds, and somewhat more. */
const ENDING = 30_000;

it('when the launcher is killed, every service ends by itself, though nobody reads what it says', async () => {
  const platform = await startPlatform();
  try {
    const services = JSON.parse(await readFile(join(platform.dataDirectory, 'processes.json'), 'utf8')) as Process[];
    expect(services).toHaveLength(6);
    await platform.crash();
    const left = async () => services.filter(({ pid }) => lives(pid)).map(({ name }) => name);
    expect(await eventually('their end', left, (names) => names.length === 0, ENDING)).toEqual([]);
  } finally {
    await platform.start();
    await platform.remove();
  }
});

interface Process {
  name: string;
  pid: number;
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
