import { readArguments } from '../bench/command/arguments.mjs';
import { CANCELLATION } from '../bench/command/cancellation-command.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { prepare, root } from './prepare.mjs';

/** `npm run cancellation`: 50,000 tickets of 20,000 orders, unless told otherwise. */
const settings = readArguments(CANCELLATION);
// What follows needs packages, which a fresh clone does not have yet.
await prepare();
const { cancelEvent } = await import('../bench/cancellation/cancellation.mjs');
const { figures, wrong } = await interruptible(() => cancelEvent(root, { ...settings, tell: console.log }));
console.log(JSON.stringify(figures, null, 2));
for (const what of wrong.slice(0, 20)) console.error(`  WRONG: ${what}`);
console.log(wrong.length === 0 ? 'Every promise was kept.' : `${wrong.length} promises were broken.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
