import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Log } from '../logs/log.js';
import { Terminal } from '../logs/terminal.js';
import { runToEnd } from './run-to-end.js';

let folder: string;
let log: Log;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-run-'));
  log = new Log(new Terminal(openSync(join(folder, 'terminal'), 'w')), folder, { format: 'text', colour: false });
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true });
});

function run(source: string): Promise<void> {
  const entry = join(folder, 'migrate.mjs');
  writeFileSync(entry, source);
  return runToEnd({ name: 'tiny', entry, environment: {}, log, signal: new AbortController().signal });
}

it('an errand that is done ends with 0', async () => {
  await expect(run('')).resolves.toBeUndefined();
});

it('one that fails is told with its last words', async () => {
  await expect(run(`console.error('Error: no table'); process.exit(1)`)).rejects.toThrow(
    /^tiny: .*migrate\.mjs ended with code 1\. Error: no table$/,
  );
});

it('one that cannot use its environment is told with its complaint alone', async () => {
  await expect(run(`console.error('DATABASE_URL is missing.'); process.exit(78)`)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: 'tiny: DATABASE_URL is missing.',
  });
});
