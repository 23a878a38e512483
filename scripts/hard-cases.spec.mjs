import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');

/** The rows of docs/hard-cases.md: { no, answer, proofs }, each proof a spec's file and the name of a test or a group there. */
const rows = read('docs/hard-cases.md')
  .split('\n')
  .filter((line) => /^\| \d+ /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, no, , answer, proofs]) => ({ no: Number(no), answer, proofs: proofsIn(proofs) }));
const CASES = Array.from({ length: 46 }, (_, index) => index + 1);

function proofsIn(cell) {
  return cell.split('<br>').flatMap((line) => {
    const [, file, names = ''] = /^`([^`]+)`: (.*)$/.exec(line) ?? [];
    return [...names.matchAll(/“([^”]+)”/g)].map(([, name]) => ({ file, name }));
  });
}

/** Whether a test or a group of this name is there, and not merely a text. */
function isProvedIn(source, name) {
  const literal = [`'${name}'`, `"${name}"`, `\`${name}\``].find((each) => source.includes(each));
  return (
    literal !== undefined && /\b(it|test|describe)(\.each[^]*?)?\(\s*$/.test(source.slice(0, source.indexOf(literal)))
  );
}

describe('the hard cases of docs/hard-cases.md', () => {
  it('are all there, in their order, once', () => {
    expect(rows.map(({ no }) => no)).toEqual(CASES);
  });

  it.each(rows)(
    '$no: each spec that proves it is where the table says, and bears its number',
    ({ no, answer, proofs }) => {
      // What does not exist yet says so, and only that.
      expect(proofs.length > 0 || /comes? with/.test(answer)).toBe(true);
      for (const { file, name } of proofs) {
        expect(`${file}: ${isProvedIn(read(file), name) ? name : 'no such test'}`).toBe(`${file}: ${name}`);
        const numbers = /^hard cases? ([\d, and]+):/.exec(name)?.[1] ?? '';
        expect(numbers.match(/\d+/g)?.map(Number)).toContain(no);
      }
    },
  );

  it('a name that is only quoted, or a test that is switched off, proves nothing', () => {
    const name = 'hard case 1: x';
    expect(isProvedIn(`it('${name}', () => {`, name)).toBe(true);
    expect(isProvedIn(`describe("${name}", () => {`, name)).toBe(true);
    expect(isProvedIn(`it.each([\n[1, (2)],\n])(\n  '${name}',`, name)).toBe(true);
    for (const source of [
      `// '${name}'`,
      `it.skip('${name}', () => {`,
      `it.todo('${name}')`,
      `const name = '${name}';`,
    ])
      expect(isProvedIn(source, name)).toBe(false);
  });
});
