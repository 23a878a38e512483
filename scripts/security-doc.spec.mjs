import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const STATES = new Set(['tested', 'by construction', 'documented', 'operator', 'not applicable', '**open**']);

/** The ids of levels 1 and 2 as OWASP has them: “V1.1.1 2” a line. */
const wanted = read('docs/asvs-5.0.0-ids.txt')
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** The rows of docs/security.md: { ids: [id, level][], what, state, files }. */
const rows = read('docs/security.md')
  .split('\n')
  .filter((line) => /^\| V\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, ids, what, state, where]) => ({
    ids: [...ids.matchAll(/(V\d+\.\d+\.\d+) \(L(\d)\)/g)].map(([, id, level]) => [id, level]),
    what,
    state,
    files: [...where.matchAll(/`([^`]+)`/g)].map(([, file]) => file),
  }));

describe('docs/security.md', () => {
  it('has every item of ASVS 5.0.0, levels 1 and 2, once, with its level', () => {
    const told = rows.flatMap(({ ids }) => ids);
    expect(wanted).toHaveLength(253);
    expect(told.map((one) => one.join(' ')).toSorted()).toEqual(wanted.map((one) => one.join(' ')).toSorted());
  });

  it('says of each what is done and how sure that is; what is tested names its specs', () => {
    for (const { ids, what, state, files } of rows) {
      expect([ids, STATES.has(state), what.length > 3]).toEqual([ids, true, true]);
      expect([ids, files.length > 0]).toEqual([ids, state === 'tested']);
    }
  });

  it('names specs that are there', () => {
    const files = [...new Set(rows.flatMap(({ files: named }) => named))];
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => !/\.spec\.(ts|mjs)$/.test(file) || !existsSync(join(root, file)))).toEqual([]);
  });
});
