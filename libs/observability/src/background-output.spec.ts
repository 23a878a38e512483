import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundOutput } from './background-output.js';
import { createLogger } from './logger.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'background-output-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function pipe(): string {
  const path = join(folder, 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]);
  return path;
}

describe('lines written in the background', () => {
  it('all arrive in order', async () => {
    const file = join(folder, 'lines');
    const descriptor = openSync(file, 'w');
    const output = new BackgroundOutput(descriptor);
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) output.write(line);
    await sleep(100);
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  it('all arrive when the process ends at once', () => {
    const descriptor = openSync(join(folder, 'lines'), 'w');
    const output = new BackgroundOutput(descriptor);
    output.write('first\n');
    output.write('last\n');
    output.flushSync();
    expect(readFileSync(join(folder, 'lines'), 'utf8')).toContain('last\n');
    closeSync(descriptor);
  });

  it('hold nobody up whose reader is gone: a process must be able to end', async () => {
    const path = pipe();
    const reader = spawn('sh', ['-c', 'exec 3<"$1"', 'sh', path]);
    const output = new BackgroundOutput(openSync(path, 'w'));
    await once(reader, 'exit');
    const logger = createLogger('spec', 'info', output);
    const since = Date.now();
    logger.fatal('nobody hears this');
    output.flushSync();
    expect(Date.now() - since).toBeLessThan(1_000);
  });

  it('wait a little, and not for ever, for a reader who takes nothing', async () => {
    const path = pipe();
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const output = new BackgroundOutput(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    output.write('x'.repeat(1_000_000));
    await sleep(50);
    const since = Date.now();
    output.flushSync();
    expect(Date.now() - since).toBeGreaterThan(1_500);
    expect(Date.now() - since).toBeLessThan(5_000);
    closeSync(reader);
    await sleep(100);
  });
});
