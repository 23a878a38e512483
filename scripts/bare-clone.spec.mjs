import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

/** What a module needs before its first statement runs. */
function packagesOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const specifiers = [
    ...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s(?:[^'";]*\sfrom\s)?'([^']+)'/gm),
  ].map(([, specifier]) => specifier);
  return specifiers.flatMap((specifier) => {
    if (specifier.startsWith('node:')) return [];
    return specifier.startsWith('.') ? packagesOf(join(dirname(file), specifier), seen) : [specifier];
  });
}

const scripts = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.mjs') && !name.includes('.spec.'));

it.each(scripts)('%s runs on a fresh clone: it needs no package before it has installed them', (name) => {
  expect(packagesOf(join(import.meta.dirname, name))).toEqual([]);
});
