import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds that a run may take on average: a guard that is gone can leave a spec waiting for ever. */
const LIMIT = 120_000;

/**
 * Runs specs, each as it is or without a guard, so many side by side.
 * @param place `root`, a `workspace` for files, the `environment`, and an AbortSignal, `interrupted`
 * @param runs each with a `name`, its `spec` and perhaps a `guard`
 * @param tell is given what became of a run: its `name`, its `tests` (`name`, `passed`), and why it is `broken` if it has none;
 * never of one that does not end
 */
export async function runSpecs({ root, workspace, environment, interrupted }, runs, { workers, tell }) {
  const file = join(workspace, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify({ runs, workers }));
  const args = [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
  ];
  args.push('--config', join(root, 'mutants/jest.config.mjs'), '--forceExit');
  const jest = spawn(process.execPath, args, {
    cwd: root,
    env: { ...environment, RUNS: file },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    signal: interrupted,
  });
  jest.on('message', tell);
  const limit = setTimeout(() => jest.kill('SIGKILL'), LIMIT * Math.ceil(runs.length / workers));
  await new Promise((resolve) => jest.once('error', resolve).once('close', resolve));
  clearTimeout(limit);
  await rm(file);
}
