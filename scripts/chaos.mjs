import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { CHAOS } from '../chaos/command.mjs';
import { summaryOf } from '../chaos/verdict/summary.mjs';
import { prepare, root } from './prepare.mjs';

/** `npm run chaos -- --minutes 5 --seed 7`; what may stand after `--` is told by `npm run chaos -- --help`. */
const { json, ...options } = readArguments(CHAOS);
// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { chaos } = await import('../chaos/chaos.mjs');
try {
  const result = await interruptible(() => chaos(root, { ...options, say: console.log }));
  console.log(summaryOf(result));
  if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.verdict;
} catch (error) {
  console.error(`\nSeed ${options.seed}: nothing was judged. ${inspect(error)}`);
  process.exitCode = 2;
}
