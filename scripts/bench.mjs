import { bench } from '../bench/bench.mjs';
import { prepare, root } from './prepare.mjs';

/** `npm run bench`; `-- --quick` takes less than two minutes. */
await prepare();
try {
  await bench(root, { quick: process.argv.includes('--quick') });
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
