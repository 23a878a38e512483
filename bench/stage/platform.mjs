import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBeUndone } from '../command/clean-ups.mjs';

/**
 * A platform of its own. Requests are counted as everywhere, but nobody reaches a limit; buyers have no limit of holds, as
 * a few hundred of them stand for ten thousand.
 * @param seed whether the demo accounts and events are there
 */
export async function startPlatform(root, environment = {}, { seed = false } = {}) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'ticketing-bench-'));
  const child = fork(join(root, 'dist/programs/standalone/main.js'), {
    silent: true,
    env: {
      ...process.env,
      RATE_LIMIT_AUTH: '1000000000',
      RATE_LIMIT_ADDRESS: '1000000000',
      RATE_LIMIT_CALLER: '1000000000',
      MAX_HOLDS_PER_BUYER: '0',
      // Holds that end during a run would be paid for by whatever is measured then.
      ORDER_HOLD_SECONDS: '86400',
      LOG_LEVEL: 'info',
      ...environment,
      DATA_DIR: dataDirectory,
      PORT: '0',
      SEED: seed ? 'on' : 'off',
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = toBeUndone(async ({ keep = false } = {}) => {
    child.kill('SIGTERM');
    await ended;
    if (!keep) rmSync(dataDirectory, { recursive: true, force: true });
  });
  child.stdout.resume();
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ready = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.ready));
    void ended.then((code) => reject(new Error(`The platform ended with ${code}. ${said}`)));
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    url: ready.gateway,
    /** Where the simulator is, and where it is told to misbehave. */
    simulator: ready.simulator,
    simulatorAdmin: ready.simulatorAdmin,
    /** Process ids by name, as they were at the start. */
    processes: ready.processes,
    dataDirectory,
    /** Resolves with the exit code when it ends, whoever ended it. */
    ended,
    /** Its folder goes with it, unless told to `keep` it. */
    stop,
  };
}
