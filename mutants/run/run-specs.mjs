import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startJest } from '../../scripts/test/start-jest.mjs';

/** Milliseconds that a run may take on average: a guard that is gone can leave a spec waiting for ever. */
const LIMIT = 120_000;

/**
 * Runs specs, each as it is or without a guard, so many side by side.
 * @param place `root`, a `workspace` for files and the `environment`
 * @param runs each with a `name`, its `spec` and perhaps a `guard`
 * @param tell is given what became of a run: its `name`, its `tests` (`name`, `passed`), and why it is `broken` if it has none;
 * never of one that does not end
 */
export async function runSpecs(place, runs, { workers, tell }) {
  const file = join(place.workspace, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify({ runs, workers }));
  const environment = { ...place.environment, RUNS: file };
  const { leader, ended } = startJest({ ...place, environment }, 'mutants/jest.config.mjs', ['--forceExit'], 'ignore');
  leader.on('message', tell);
  const limit = setTimeout(() => leader.kill('SIGKILL'), LIMIT * Math.ceil(runs.length / workers));
  await ended;
  clearTimeout(limit);
  await rm(file);
}
