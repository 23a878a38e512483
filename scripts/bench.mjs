import { prepare, root } from './prepare.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { readArguments } = await import('../bench/command/arguments.mjs');
const { BENCH } = await import('../bench/command/bench-command.mjs');
const { interruptible } = await import('../bench/command/interruption.mjs');
const { bench } = await import('../bench/bench.mjs');
const { publish } = await import('../bench/report/publish.mjs');

/** `npm run bench`; what may stand after `--` is told by `npm run bench -- --help`. */
const { results, ...options } = readArguments(BENCH);
try {
  if (results.length === 0) results.push(await interruptible(() => bench(root, options)));
  if (options.publish) await publish(root, results);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
