import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';
import { root } from '../prepare.mjs';

/** Seconds that a hold lasts on a platform of the demo's own: long enough to pay in, short enough to watch it end. */
const HOLD = '6';
/** Characters of what a platform says that are kept, to tell why it ended. */
const LAST_WORDS = 2_000;

/** The platform that runs on DATA_DIR, if there is one and it answers. */
export async function runningPlatform() {
  const dataDirectory = resolve(process.env.DATA_DIR || join(root, '.data'));
  const facts = read(join(dataDirectory, 'platform.json'));
  // A launcher that was killed leaves the file, and by now another platform may listen there.
  if (!facts || !lives(facts.pid) || !(await answers(facts.gateway))) return undefined;
  if (!facts.simulator || !facts.mailbox)
    throw new Error('The demo pays at the Stripe simulator and reads the local mailbox, and this platform has others.');
  console.log(`Against the platform that runs at ${facts.gateway}.\n`);
  return { ...facts, own: false, pidOf: (service) => pidOf(dataDirectory, service), stop: async () => undefined };
}

/** One that lives as long as the demo. */
export async function ownPlatform() {
  console.log('No platform runs here: starting one of the demo’s own …');
  const dataDirectory = mkdtempSync(join(tmpdir(), 'ticketing-demo-'));
  const log = join(dataDirectory, 'logs');
  mkdirSync(log);
  const env = { ...process.env, DATA_DIR: dataDirectory, PORT: '0', ORDER_HOLD_SECONDS: HOLD };
  const child = fork(join(root, 'dist/programs/standalone/main.js'), {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = toBeUndone(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-LAST_WORDS)));
  const facts = await new Promise((ready, reject) => {
    child.on('message', (message) => message.ready && ready(message.ready));
    child.once('close', (code) => {
      const reason = said.trim().split('\n\n').at(-1);
      reject(new Error(`The platform ended with ${code} before it was ready; its logs are in ${log}. ${reason}`));
    });
  });
  console.log(`It runs at ${facts.gateway}.\n`);
  return { ...facts, own: true, pidOf: (service) => pidOf(dataDirectory, service), stop };
}

function pidOf(dataDirectory, service) {
  const found = read(join(dataDirectory, 'processes.json'))?.find(({ name }) => name === service);
  if (!found) throw new Error(`No process of ${service} is known in ${dataDirectory}.`);
  return found.pid;
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function lives(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const answers = (url) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
