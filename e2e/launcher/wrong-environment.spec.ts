import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startPlatform } from '@app/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/client.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wrong-environment-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('a platform with a wrong value stops in order, and ends with the one line that says what is right', async () => {
  const told = await startPlatform({ environment: { ORDER_HOLD_SECONDS: 'x' } }).then(
    () => 'it started',
    (error: Error) => error.message,
  );
  expect(told).toContain('The platform ended with 78 before it was ready.');
  expect(told).not.toContain('Starting it again');
  expect(told).toMatch(
    /everything has stopped.*\n\nticket-api: The environment does not fit: ORDER_HOLD_SECONDS is not a whole number from 1 to 86400\.\n$/,
  );
});

it('so does a platform that works, when a service that was killed can no longer use its environment', async () => {
  // As a deployment does that takes a file away which the environment names.
  const file = join(folder, 'needed.mjs');
  const gone = join(folder, 'gone');
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs';
     if (existsSync(${JSON.stringify(gone)}) && process.argv[1].includes('ticket-api')) {
       console.error('KEY is missing.');
       process.exit(78);
     }`,
  );
  const platform = await startPlatform({ environment: { NODE_OPTIONS: `--import=${file}` } });
  try {
    writeFileSync(gone, '');
    await platform.kill('ticket-api');
    const log = () => readFile(join(platform.dataDirectory, 'platform.log'), 'utf8');
    await eventually('the end', log, (text) =>
      /everything has stopped.*\n\nticket-api: KEY is missing\.\n$/.test(text),
    );
    await expect(fetch(platform.url)).rejects.toThrow();
  } finally {
    await platform.remove();
  }
});
