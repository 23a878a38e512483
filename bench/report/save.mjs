import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE } from '../table.mjs';
import { tally } from './tell.mjs';

/** Into a file of its own, when no promise was broken. */
export function save(root, result) {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${result.at.replaceAll(':', '-')}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\nNothing oversold or lost; ${tally(TABLE, result.rows)}. Results: ${path}`);
}
