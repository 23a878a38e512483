import { prepare, root } from './prepare.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { readArguments } = await import('../bench/command/arguments.mjs');
const { interruptible } = await import('../bench/command/interruption.mjs');
const { RUSH } = await import('../bench/command/rush-command.mjs');
const { rush } = await import('../bench/rush/rush.mjs');

/** `npm run rush -- --attempts 100000 --tickets 10000 --connections 1000` (that many unless told otherwise). */
const counts = readArguments(RUSH);
const { orders, refusals, retries, seconds, wrong } = await interruptible(() =>
  rush(root, { ...counts, tell: console.log }),
);
console.log(`${orders} orders, ${refusals} told "sold out", ${Math.round(counts.attempts / seconds)} attempts/s.`);
for (const [why, count] of Object.entries(retries)) console.log(`  asked again ${count} times: ${why}`);
for (const what of wrong.slice(0, 20)) console.error(`  WRONG: ${what}`);
console.log(wrong.length === 0 ? 'Every promise was kept.' : `${wrong.length} promises were broken.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
