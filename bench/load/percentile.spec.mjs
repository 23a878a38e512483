import { describe, expect, it } from '@jest/globals';
import { ascending, percentile } from './percentile.mjs';

describe('a percentile', () => {
  const hundred = ascending(Array.from({ length: 100 }, (_, n) => 100 - n));

  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('%d of 1 to 100 is %d, a value that was measured', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('of few values is one of them, the slowest for p99', () => {
    expect(percentile([3, 7], 0.99)).toBe(7);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});
