import { describe, expect, it } from '@jest/globals';
import { understand, UsageError } from '../bench/command/arguments.mjs';
import { CHAOS } from './command.mjs';

describe('the arguments of a chaos run', () => {
  it.each([
    [['--minutes', '0'], '--minutes is a number above 0.'],
    [['--minutes', 'five'], '--minutes is a number above 0.'],
    [['--rate', '0'], '--rate is a number above 0.'],
    [['--seed', '1.5'], '--seed is a whole number below 2³².'],
    [['--seed', '4294967296'], '--seed is a whole number below 2³².'],
  ])('%s is refused', (args, why) => {
    expect(() => understand(args, CHAOS)).toThrow(UsageError);
    expect(() => understand(args, CHAOS)).toThrow(why);
  });

  it('last five minutes with a seed by chance, unless told otherwise', () => {
    const { seed, ...rest } = understand([], CHAOS);
    expect(rest).toEqual({ minutes: 5, rate: 12, isPrivate: false, json: undefined });
    expect(Number.isInteger(seed)).toBe(true);
    expect(understand(['--minutes', '0.5', '--seed', '7'], CHAOS)).toMatchObject({ minutes: 0.5, seed: 7 });
  });
});
