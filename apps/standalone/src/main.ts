import { exitStatusOf } from '@app/configuration';
import { readConfig } from './config.js';
import { Interrupted, storyOf } from './expected-error.js';
import { Terminal } from './logs/terminal.js';
import { Platform } from './platform.js';
import { Programs } from './programs.js';

/** One Ctrl-C arrives several times: from the terminal, from npm, from `scripts/start.mjs`; a later one is in a hurry. */
const SAME_KEYSTROKE = 1_000;
/** For what was said last to be read. */
const LAST_WORDS = 1_000;

const terminal = new Terminal();
const programs = new Programs(import.meta.dirname);

async function run(): Promise<number> {
  const platform = new Platform(readConfig(), terminal, programs);
  const stopped = new Promise<void>((resolve) => {
    let since = 0;
    const stop = (why: string) => {
      if (why === 'SIGINT' && since !== 0 && Date.now() - since > SAME_KEYSTROKE) platform.hurry();
      since ||= Date.now();
      void platform.stop(why).then(resolve);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.on('disconnect', () => stop('the parent process is gone'));
  });
  try {
    const ready = await platform.start();
    process.send?.({ ready }, () => undefined);
    await Promise.race([stopped, platform.broken]);
    return 0;
  } catch (error) {
    await platform.stop('the start failed');
    throw error;
  }
}

const code = await run().catch((error: unknown) => {
  terminal.write(`\n${storyOf(error)}\n`);
  return error instanceof Interrupted ? error.exitStatus : exitStatusOf(error);
});
// A reader who has stopped reading keeps the write, and with it an ordinary exit, waiting for ever.
if (!(await terminal.drained(LAST_WORDS))) process.kill(process.pid, 'SIGKILL');
process.exit(code);
