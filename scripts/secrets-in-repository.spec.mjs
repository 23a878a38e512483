import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const LARGEST = 4 << 20;

/** What only a real key looks like: long and of chance. Words after a prefix, as specs have them, are no keys. */
const SHAPES = [
  /\b(?:sk|rk)_live_(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{16,}/,
  /\b(?:sk_test|rk_test|whsec)_(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{24,}/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bxox[baprs]-[A-Za-z0-9-]{20,}/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /["'][A-Za-z0-9+/]{0,4}MII[EJ][A-Za-z0-9+/]{200,}={0,2}["']/,
];

const keysIn = (text) => SHAPES.flatMap((shape) => shape.exec(text)?.[0].slice(0, 12) ?? []);

describe('the repository', () => {
  it('holds no key', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
    expect(files.length).toBeGreaterThan(500);
    const found = files
      .map((file) => join(root, file))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && statSync(file).size < LARGEST)
      .flatMap((file) => keysIn(readFileSync(file, 'latin1')).map((key) => `${file}: ${key}…`));
    expect(found).toEqual([]);
  });

  it.each([
    `sk_${'live'}_${'a1B2'.repeat(6)}`,
    `whsec_${'a1B2'.repeat(8)}`,
    `-----BEGIN ${'RSA '}PRIVATE KEY-----\n${'MIIE'.repeat(16)}`,
    `AKIA${'ABCD1234'.repeat(2)}`,
    `ghp_${'a'.repeat(36)}`,
  ])('would be told of %s', (key) => expect(keysIn(`x = "${key}"`)).toHaveLength(1));
});
