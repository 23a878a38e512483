import { describe, expect, it } from '@jest/globals';
import { delayAfter } from './retry-schedule.js';

describe('retries of a webhook', () => {
  it('come quickly at first and then every minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map(delayAfter)).toEqual([0.2, 1, 2, 5, 10, 30, 60, 60]);
  });
});
