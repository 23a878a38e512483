import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
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

/** Until the pipe takes no more. */
function fill(descriptor: number): void {
  const full = () => {
    try {
      return writeSync(descriptor, Buffer.alloc(4096)) === 0;
    } catch {
      return true;
    }
  };
  while (!full());
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

  it('a busy process writes many of them at a time', async () => {
    const path = pipe();
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const output = new BackgroundOutput(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    const heard: string[] = [];
    const listen = () => {
      const buffer = Buffer.alloc(4096);
      try {
        const length = readSync(reader, buffer);
        if (length > 0) heard.push(buffer.toString('utf8', 0, length));
      } catch {
        // Nothing to read yet.
      }
    };
    const listening = setInterval(listen, 1);
    for (let line = 0; line < 50; line += 1) {
      output.write(`${line}\n`);
      await sleep(1);
    }
    await sleep(50);
    clearInterval(listening);
    closeSync(reader);
    expect(heard.join('')).toBe(Array.from({ length: 50 }, (_, line) => `${line}\n`).join(''));
    expect(heard[0]).toBe('0\n');
    expect(heard.length).toBeLessThan(25);
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
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    fill(descriptor);
    const output = new BackgroundOutput(descriptor);
    output.write('taken by a write in the background\n');
    output.write('left for the flush\n');
    const since = Date.now();
    output.flushSync();
    expect(Date.now() - since).toBeGreaterThan(1_500);
    expect(Date.now() - since).toBeLessThan(5_000);
    closeSync(reader);
    await sleep(100);
  });
});
