import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Log } from './log.js';
import { Terminal } from './terminal.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'standalone-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it("the launcher's own lines have the form of the services'", async () => {
  const terminal = new Terminal(openSync(join(folder, 'terminal'), 'w'));
  const log = new Log(terminal, folder, { format: 'json', colour: false });
  log.say('warn', 'slow');
  await log.close();
  const { time, ...entry } = JSON.parse(readFileSync(join(folder, 'platform.log'), 'utf8')) as Record<string, string>;
  expect(entry).toEqual({ level: 'warn', service: 'platform', msg: 'slow' });
  expect(new Date(time!).toISOString()).toBe(time);
});
