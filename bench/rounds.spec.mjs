import { describe, expect, it } from '@jest/globals';
import { alternate, median } from './rounds.mjs';

describe('a pair', () => {
  it('runs by turns, each first as often as the other, and nothing begins before it is quiet', async () => {
    const order = [];
    const note = (what, rate) => () => (order.push(what), rate);
    await alternate(3, { reference: note('r', 1), subject: note('s', 2), before: note('-') });
    expect(order.join('')).toBe('-r-s-s-r-r-s');
  });

  it('is told by the median of the ratios, so that one disturbed round does not decide', async () => {
    const rates = [10, 10, 1];
    const { ratio } = await alternate(3, { reference: () => rates.shift(), subject: () => 20 });
    expect(ratio).toBe(2);
  });
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});
