import { readArguments } from '../bench/command/arguments.mjs';
import { scaling } from '../bench/scaling/scaling.mjs';
import { root } from './prepare.mjs';

/** `npm run bench:scaling`: simulates, in less than a minute and without starting anything. */
readArguments({
  usage: `Usage: npm run bench:scaling

  Takes no arguments; simulates for less than a minute and writes docs/scaling/.`,
});
scaling(root);
