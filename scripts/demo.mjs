import { runDemo } from './demo/story.mjs';
import { ownPlatform, runningPlatform } from './demo/platform.mjs';
import { prepare } from './prepare.mjs';

/**
 * `npm run demo`: the whole story in the terminal, against the platform that runs on DATA_DIR, or against one of its own
 * that it starts and removes. Ends with 1 if a promise is broken.
 */
const platform = await platformToShow().catch((error) => {
  console.error(`\n${error.message}`);
  process.exit(1);
});
let broken = false;
try {
  await runDemo(platform);
} catch (error) {
  broken = true;
  console.error(`\n  ✗ ${error.stack}\n`);
} finally {
  await platform.stop();
}
console.log(broken ? 'A promise was broken.' : 'Every promise was kept.');
process.exitCode = broken ? 1 : 0;

async function platformToShow() {
  const running = await runningPlatform();
  if (running) return running;
  await prepare();
  return ownPlatform();
}
