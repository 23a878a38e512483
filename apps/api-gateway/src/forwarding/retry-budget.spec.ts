import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BURST, RetryBudget, SHARE } from './retry-budget.js';

it('repeats no more than a burst and a share of what was sent, however both come', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 1_000 }), (isFirst) => {
      const budget = new RetryBudget();
      let [sent, repeated] = [0, 0];
      for (const first of isFirst) {
        if (first) budget.earn();
        else if (budget.spend()) repeated += 1;
        sent += first ? 1 : 0;
        expect(repeated).toBeLessThanOrEqual(BURST + SHARE * sent);
      }
    }),
  );
});

it('what was saved in quiet times is no more than a burst', () => {
  const budget = new RetryBudget();
  for (let n = 0; n < 10_000; n++) budget.earn();
  const repeated = Array.from({ length: 1_000 }, () => budget.spend()).filter(Boolean);
  expect(repeated).toHaveLength(BURST);
});
