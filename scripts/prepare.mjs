import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './prepare/build.mjs';
import { install, isInstalled } from './prepare/dependencies.mjs';
import { withLock } from './prepare/lock.mjs';
import { requireSupportedNode } from './prepare/node-version.mjs';

/** The clone's folder. */
export const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

/**
 * Makes a bare clone runnable: dependencies as the lockfile says, `dist` as the sources say. Does nothing, quickly, when
 * both already fit; of two runs at once the second waits for the first.
 * What a person can mend is told in a sentence, and the process ends with code 1.
 */
export async function prepare() {
  try {
    requireSupportedNode();
    if (isInstalled(root) && isBuilt(root)) return;
    await withLock(root, async () => {
      if (!isInstalled(root)) await install(root);
      if (!isBuilt(root)) await build(root);
    });
  } catch (error) {
    console.error(error.expected ? `\n${error.message}` : error);
    process.exit(1);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) await prepare();
