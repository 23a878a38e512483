import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readScript } from './statements.mjs';

describe('a script of pgbench', () => {
  it('is the same statement without it: parameters by number, casts as they are, drawn numbers within their bounds', () => {
    const script = '\\set n random(1, :most)\nselect :n::int, :n, :other;\n';
    const { text, valuesOf } = readScript(script, { most: 3, other: 'o' });
    expect(text).toBe('select $1::int, $1, $2;');
    const [n, other] = valuesOf();
    expect([1, 2, 3]).toContain(Number(n));
    expect(other).toBe('o');
  });

  it('of the floor needs no more than is given to it', () => {
    const given = { counter: 'c', type: 't', buyers: 9, message: '{}' };
    const { text, valuesOf } = readScript(readFileSync(join(import.meta.dirname, 'order.sql'), 'utf8'), given);
    expect(text).not.toContain('\\set');
    expect(valuesOf()).not.toContain('undefined');
  });
});
