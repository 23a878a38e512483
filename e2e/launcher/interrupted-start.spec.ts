import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interrupted-start-'));
  // Where tests run as root, PostgreSQL's user must get in.
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is going on when the start is interrupted, as the log tells it or a file shows. */
const MOMENTS = [
  ['while the database is made', () => readFileSync(join(folder, 'postgres.password'))],
  ['while the databases are prepared', () => saidAt('platform.log', 'preparing the databases')],
  ['while services start', () => saidAt('api-gateway.log', '')],
] as const;

function saidAt(file: string, text: string): void {
  if (!readFileSync(join(folder, 'logs', file), 'utf8').includes(text)) throw new Error('not yet');
}

it.each(MOMENTS)(
  'a start that is interrupted %s says so in one line, and ends as shells expect',
  async (_, reached) => {
    const child = spawn(process.execPath, ['dist/programs/standalone/main.js'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, DATA_DIR: folder, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C reaches all of it.
      detached: true,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    while (!holds(reached) && child.exitCode === null) await sleep(10);
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toBe(130);
    expect(said).not.toMatch(/Error|\n {4}at /);
    expect(said).toMatch(/\n\nStopped before everything was started\.\n$/);
  },
);

function holds(reached: () => unknown): boolean {
  try {
    reached();
    return true;
  } catch {
    return false;
  }
}
