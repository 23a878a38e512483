import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journeys } from './experiments.mjs';
import { pictures } from './pictures.mjs';
import { engineTable, journeyTable, wholeTable } from './tables.mjs';
import { validateEngine, validateWhole } from './validation.mjs';

/** Writes docs/scaling/: the pictures and tables that docs/scaling.md speaks of. The same constants give the same files. */
export function scaling(root) {
  const folder = join(root, 'docs/scaling');
  mkdirSync(folder, { recursive: true });
  const engine = validateEngine();
  for (const [name, picture] of Object.entries(pictures(engine))) writeFileSync(join(folder, `${name}.svg`), picture);
  const page = [
    '# What the simulation says',
    'Written by `npm run bench:scaling` from `bench/scaling/constants.mjs`; what it means stands in [scaling.md](../scaling.md).',
    '## Where the limit is, and where it goes',
    'Capacity in a closed loop; where nothing else is said: 4 database cores, log flush 1 ms, 0.15 ms between machines, groups of up to 256.',
    journeyTable(journeys()),
    '## The engine without HTTP, against the measured prototype',
    engineTable(engine),
    '## The whole platform on two cores, against measured runs',
    wholeTable(validateWhole()),
  ];
  writeFileSync(join(folder, 'figures.md'), `${page.join('\n\n')}\n`);
  console.log(page.slice(2).join('\n\n'));
}
