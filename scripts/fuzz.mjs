import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { FUZZ } from '../fuzz/command.mjs';
import { prepare, root } from './prepare.mjs';

/** `npm run fuzz -- --seed 7 --requests 10000`; what may stand after `--` is told by `npm run fuzz -- --help`. */
const { replay: file, ...options } = readArguments(FUZZ);
// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { fuzz } = await import('../fuzz/fuzz.mjs');
const { replay } = await import('../fuzz/replay.mjs');
const { summaryOf } = await import('../fuzz/summary.mjs');
const work = file && ((campaign) => replay(campaign, file));
const result = await interruptible(() => fuzz(root, { ...options, work, say: console.log }));
const { text, verdict } = summaryOf(result, file ? `Again ${file}` : `Seed ${options.seed}`);
console.log(text);
process.exitCode = verdict;
