import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePorts } from '../data-directory/ports.js';
import { Log } from '../logs/log.js';
import { Terminal } from '../logs/terminal.js';
import { isRunning } from './process-identity.js';
import { ProcessRegister } from './process-register.js';
import { SupervisedService } from './supervised-service.js';

jest.setTimeout(30_000);

let folder: string;
let port: number;
let log: Log;
const running: SupervisedService[] = [];

/** A service in ten lines; its answers hold its pid. */
const WORKING = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/crash') { console.error('out of luck'); process.exit(3); }
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => { if (!process.env.STUBBORN) process.exit(0); });
`;

function supervise(source: string, environment: Record<string, string> = {}) {
  const entry = join(folder, 'service.mjs');
  writeFileSync(entry, source);
  const service = new SupervisedService(
    {
      name: 'tiny',
      entry,
      environment: { ...environment, PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
      tier: 'service',
    },
    log,
    new ProcessRegister(join(folder, 'processes.json')),
  );
  running.push(service);
  return service;
}

const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
const logged = () => readFileSync(join(folder, 'platform.log'), 'utf8');

/** The pid of a process that answers and is not `other`, and how long that took in milliseconds. */
async function nextProcess(other: number): Promise<{ pid: number; after: number }> {
  const since = Date.now();
  for (;;) {
    const pid = Number(await ask('/').catch(() => other));
    if (pid !== other) return { pid, after: Date.now() - since };
    await sleep(10);
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-supervised-'));
  ({ tiny: port } = await choosePorts(join(folder, 'ports.json'), ['tiny']));
  log = new Log(new Terminal(openSync(join(folder, 'terminal'), 'w')), folder, { format: 'text', colour: false });
});

afterEach(async () => {
  for (const service of running.splice(0)) await service.stop(Date.now());
  await log.close();
  rmSync(folder, { recursive: true });
});

describe('a supervised service', () => {
  it('is back within 2 s, every time that it is killed', async () => {
    await supervise(WORKING).start();
    let pid = Number(await ask('/'));
    for (let round = 0; round < 3; round++) {
      process.kill(pid, 'SIGKILL');
      const next = await nextProcess(pid);
      expect(next.after).toBeLessThan(2_000);
      pid = next.pid;
    }
  });

  it('tells why it had to be started again', async () => {
    await supervise(WORKING).start();
    const pid = Number(await ask('/'));
    await ask('/crash').catch(() => undefined);
    await nextProcess(pid);
    await log.close();
    expect(logged()).toContain('tiny ended with code 3. out of luck Starting it again in 0.05 s.');
  });

  it('that never gets ready fails the start with its last words', async () => {
    const hopeless = supervise(
      `console.log(JSON.stringify({ level: 'fatal', msg: 'PORT is not to my taste' })); process.exit(1);`,
    );
    await expect(hopeless.start()).rejects.toThrow(
      'tiny does not start; the last time it ended with code 1. PORT is not to my taste',
    );
  });

  it('that cannot use its environment is not started again, and fails the start at once with its complaint', async () => {
    const wrong = supervise(
      `console.log(JSON.stringify({ level: 'fatal', msg: 'HOLD is not a number.' })); process.exit(78);`,
    );
    const since = Date.now();
    const refused = { name: 'ConfigurationError', message: 'tiny: HOLD is not a number.' };
    await expect(wrong.start()).rejects.toMatchObject(refused);
    expect(await wrong.misconfigured).toMatchObject(refused);
    expect(Date.now() - since).toBeLessThan(2_000);
    await sleep(300);
    await log.close();
    expect(readFileSync(join(folder, 'tiny.log'), 'utf8').match(/HOLD/g)).toHaveLength(1);
  });

  it('that can no longer use its environment when it is started again is given up', async () => {
    const marker = join(folder, 'second');
    const service = supervise(
      `
import { existsSync, writeFileSync } from 'node:fs';
if (existsSync(process.env.MARKER)) { console.error('KEY is missing.'); process.exit(78); }
writeFileSync(process.env.MARKER, '');
${WORKING}`,
      { MARKER: marker },
    );
    await service.start();
    process.kill(Number(await ask('/')), 'SIGKILL');
    expect(await service.misconfigured).toMatchObject({ message: 'tiny: KEY is missing.' });
    await expect(ask('/')).rejects.toThrow();
  });

  it('stops when asked, and is not started again', async () => {
    const service = supervise(WORKING);
    await service.start();
    const pid = Number(await ask('/'));
    await service.stop(Date.now() + 10_000);
    expect(isRunning(pid)).toBe(false);
    await sleep(300);
    await expect(ask('/')).rejects.toThrow();
  });

  it('that does not want to stop is killed at the deadline', async () => {
    const service = supervise(WORKING, { STUBBORN: 'yes' });
    await service.start();
    const since = Date.now();
    await service.stop(since + 300);
    expect(Date.now() - since).toBeGreaterThanOrEqual(290);
    await expect(ask('/')).rejects.toThrow();
  });

  it('of a launcher that was killed is ended by the next one', async () => {
    const service = supervise(WORKING, { STUBBORN: 'yes' });
    await service.start();
    const pid = Number(await ask('/'));
    const successor = new ProcessRegister(join(folder, 'processes.json'));
    const told: string[] = [];
    // Our own supervisor must not bring it back.
    void service.stop(Date.now() + 20_000);
    await successor.endLeftovers((message) => told.push(message));
    expect(isRunning(pid)).toBe(false);
    expect(told).toEqual(['the last run was killed; its processes have ended: tiny']);
  });
});
