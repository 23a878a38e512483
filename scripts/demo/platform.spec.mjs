import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningPlatform } from './platform.mjs';

let folder;
let server;
const before = process.env.DATA_DIR;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'demo-platform-'));
  process.env.DATA_DIR = folder;
  server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
});

function remember(pid) {
  const gateway = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(join(folder, 'platform.json'), JSON.stringify({ pid, gateway, simulator: gateway, mailbox: gateway }));
}

it('the demo takes the platform of its DATA_DIR while that lives', async () => {
  expect(await runningPlatform()).toBeUndefined();
  remember(process.pid);
  expect(await runningPlatform()).toMatchObject({ own: false });
});

it('another platform on the port of one that was killed is not taken for it', async () => {
  remember(spawnSync('true').pid);
  expect(await runningPlatform()).toBeUndefined();
});
