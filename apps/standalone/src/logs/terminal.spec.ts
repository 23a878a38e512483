import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Terminal } from './terminal.js';

describe('the terminal', () => {
  it('gets every line in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'standalone-terminal-'));
    const file = join(folder, 'shown');
    const descriptor = openSync(file, 'w');
    const terminal = new Terminal(descriptor);
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) terminal.write(line);
    expect(await terminal.drained(5_000)).toBe(true);
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    rmSync(folder, { recursive: true });
  });

  it('that nobody reads holds nobody up, and says afterwards what it left out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'standalone-terminal-'));
    const pipe = join(folder, 'pipe');
    await new Promise((resolve) => spawn('sh', ['-c', 'mkfifo "$1"', 'sh', pipe]).once('close', resolve));
    const reader = spawn('sh', ['-c', 'exec 3<"$1"; read go; cat <&3', 'sh', pipe], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const descriptor = openSync(pipe, 'w');
    const terminal = new Terminal(descriptor);
    const since = Date.now();
    for (let index = 0; index < 300; index++) terminal.write(`${'x'.repeat(10_000)}\n`);
    expect(Date.now() - since).toBeLessThan(1_000);
    expect(await terminal.drained(50)).toBe(false);

    let shown = '';
    reader.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    reader.stdin.write('go\n');
    expect(await terminal.drained(10_000)).toBe(true);
    terminal.write('the end\n');
    expect(await terminal.drained(10_000)).toBe(true);
    closeSync(descriptor);
    await new Promise((resolve) => reader.once('close', resolve));
    expect(shown).toMatch(/… \d+ lines were not shown; they are in the log files …\nthe end\n$/);
    rmSync(folder, { recursive: true });
  });
});
