import { writeFileSync } from 'node:fs';
import { prepare, root } from './prepare.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { readArguments } = await import('../bench/command/arguments.mjs');
const { interruptible } = await import('../bench/command/interruption.mjs');
const { CHAOS } = await import('../chaos/command.mjs');
const { chaos } = await import('../chaos/chaos.mjs');
const { summaryOf } = await import('../chaos/verdict/summary.mjs');

/** `npm run chaos -- --minutes 5 --seed 7`; what may stand after `--` is told by `npm run chaos -- --help`. */
const { json, ...options } = readArguments(CHAOS);
try {
  const result = await interruptible(() => chaos(root, { ...options, say: console.log }));
  console.log(summaryOf(result));
  if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.verdict;
} catch (error) {
  console.error(`\nSeed ${options.seed}: nothing was judged. ${error.stack}`);
  process.exitCode = 2;
}
