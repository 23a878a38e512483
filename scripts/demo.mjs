import { readArguments } from '../bench/command/arguments.mjs';
import { interruptible } from '../bench/command/interruption.mjs';
import { runDemo } from './demo/story.mjs';
import { ownPlatform, runningPlatform } from './demo/platform.mjs';
import { prepare } from './prepare.mjs';

/**
 * `npm run demo`: the whole story in the terminal, against the platform that runs on DATA_DIR, or against one of its own
 * that it starts and removes. Ends with 1 if a promise is broken.
 */
readArguments({
  usage: `Usage: npm run demo

  Takes no arguments. On the platform that runs on DATA_DIR (.data unless given), else on one of its own, which is removed.`,
});
const broken = await interruptible(demo).catch((error) => {
  console.error(`\n${error.message}`);
  process.exit(1);
});
if (broken) console.error(broken);
console.log(broken ? 'A promise was broken.' : 'Every promise was kept.');
process.exitCode = broken ? 1 : 0;

/** @returns what is broken, if anything @throws when there is no platform to show it on */
async function demo() {
  const platform = await platformToShow();
  try {
    await runDemo(platform);
    return undefined;
  } catch (error) {
    return `\n  ✗ ${error.stack}\n`;
  } finally {
    await platform.stop();
  }
}

async function platformToShow() {
  const running = await runningPlatform();
  if (running) return running;
  await prepare();
  return ownPlatform();
}
