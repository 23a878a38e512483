import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** `npm run check`: everything that can be judged without running the platform. Two at a time; each tells what it found. */
const checks = [
  // The compiler's native edition: the same judgement in an eighth of the time. What asks for its API takes `typescript`.
  ['types', 'typescript-7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['unused code', 'knip/bin/knip.js', '--no-progress'],
  [
    'boundaries',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'apps',
    'libs',
    'e2e',
  ],
  ['lint', 'oxlint/bin/oxlint', '--deny-warnings'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
];

const run = ([name, tool, ...args]) =>
  new Promise((resolve) => {
    const begun = Date.now();
    const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('close', (code) => {
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
      if (code !== 0) console.log(output);
      resolve(code === 0);
    });
  });

let good = true;
const queue = [...checks];
await Promise.all(
  [1, 2].map(async () => {
    for (let check = queue.shift(); check; check = queue.shift()) if (!(await run(check))) good = false;
  }),
);
process.exitCode = good ? 0 : 1;
