import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY_DELAYS, RetryDelays } from '../messaging-options.js';
import { afterFailure } from './outcome.js';

describe('after a failed try', () => {
  it('the configured delays follow one another, then the message is dead', () => {
    const kinds = [1, 2, 3, 4].map((failures) => afterFailure(failures, [1, 5, 15], 'why'));
    expect(kinds).toEqual([
      { kind: 'retry', afterSeconds: 1, failures: 1, error: 'why' },
      { kind: 'retry', afterSeconds: 5, failures: 2, error: 'why' },
      { kind: 'retry', afterSeconds: 15, failures: 3, error: 'why' },
      { kind: 'dead', failures: 4, error: 'why' },
    ]);
  });

  it('the default delays grow and give a failing peer more than six minutes', () => {
    expect([...DEFAULT_RETRY_DELAYS].sort((a, b) => a - b)).toEqual(DEFAULT_RETRY_DELAYS);
    expect(DEFAULT_RETRY_DELAYS.reduce((sum, delay) => sum + delay)).toBeGreaterThan(360);
  });

  it('MESSAGE_RETRY_DELAYS is a comma list of positive seconds', () => {
    expect(RetryDelays.parse('1,5, 15')).toEqual([1, 5, 15]);
    for (const wrong of ['', 'soon', '1,,2', '0', '-1', '1,100000'])
      expect(RetryDelays.safeParse(wrong).success).toBe(false);
  });
});
