import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { understand, UsageError } from '../bench/command/arguments.mjs';
import { CHAOS } from './command.mjs';

describe('the arguments of a chaos run', () => {
  it.each([
    [['--minutes', '0'], '--minutes is a number above 0.'],
    [['--minutes', 'five'], '--minutes is a number above 0.'],
    [['--rate', '0'], '--rate is a number above 0.'],
    [['--seed', '1.5'], '--seed is a whole number below 2³².'],
    [['--seed', '4294967296'], '--seed is a whole number below 2³².'],
    [['--json', '/missing/chaos.json'], '--json /missing/chaos.json cannot be written: ENOENT.'],
    [['--json', import.meta.dirname], 'cannot be written: EISDIR.'],
  ])('%s is refused', (args, why) => {
    expect(() => understand(args, CHAOS)).toThrow(UsageError);
    expect(() => understand(args, CHAOS)).toThrow(why);
  });

  it('name a file that can be written, which is not there before the run has ended', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-command-'));
    const file = join(folder, 'chaos.json');
    expect(understand(['--json', file], CHAOS)).toMatchObject({ json: file });
    expect(existsSync(file)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('last five minutes with a seed by chance, unless told otherwise', () => {
    const { seed, ...rest } = understand([], CHAOS);
    expect(rest).toEqual({ minutes: 5, rate: 12, isPrivate: false, json: undefined });
    expect(Number.isInteger(seed)).toBe(true);
    expect(understand(['--minutes', '0.5', '--seed', '7'], CHAOS)).toMatchObject({ minutes: 0.5, seed: 7 });
  });
});
