import { prepare, root } from './prepare.mjs';

// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { cancelEvent } = await import('../bench/cancellation/cancellation.mjs');
const { readArguments } = await import('../bench/command/arguments.mjs');
const { CANCELLATION } = await import('../bench/command/cancellation-command.mjs');
const { interruptible } = await import('../bench/command/interruption.mjs');

/** `npm run cancellation`: 50,000 tickets of 20,000 orders, unless told otherwise. */
const settings = readArguments(CANCELLATION);
const { figures, wrong } = await interruptible(() => cancelEvent(root, { ...settings, tell: console.log }));
console.log(JSON.stringify(figures, null, 2));
for (const what of wrong.slice(0, 20)) console.error(`  WRONG: ${what}`);
console.log(wrong.length === 0 ? 'Every promise was kept.' : `${wrong.length} promises were broken.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
