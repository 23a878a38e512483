import { join } from 'node:path';
import swc from '@swc/jest';
import { withoutGuard } from './apply.mjs';

/**
 * Compiles as `@swc/jest` does, but of one file the text without its guard; nothing on the disk changes. The key under which
 * Jest keeps what was compiled is made of the changed text, so that no run is given another one's.
 */
export default {
  createTransformer({ guard, swc: options }) {
    const compiler = swc.createTransformer(options);
    const text = (given, file, { config }) =>
      guard && file === join(config.rootDir, guard.file) ? withoutGuard(given, guard) : given;
    return {
      getCacheKey: (given, file, jest) => compiler.getCacheKey(text(given, file, jest), file, jest),
      process: (given, file, jest) => compiler.process(text(given, file, jest), file, jest),
      processAsync: async (given, file, jest) => compiler.processAsync(text(given, file, jest), file, jest),
    };
  },
};
