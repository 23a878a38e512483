import { describe, expect, it } from '@jest/globals';
import { afterFailure } from './after-failure.js';

const day = 24 * 3600;
const first = { attempts: 1, refusals: 0, ageSeconds: 1 };

describe('a mail that did not leave', () => {
  it('is tried again with growing pauses of at most five minutes', () => {
    const delays = [1, 2, 3, 5, 9, 50].map((attempts) => afterFailure({ ...first, attempts, reason: 'deferred' }));
    expect(delays.map((step) => 'delaySeconds' in step && step.delaySeconds)).toEqual([1, 2, 4, 16, 256, 300]);
  });

  it.each(['deferred', 'unreachable'] as const)('is tried for five days while it is %s, then given up', (reason) => {
    expect(afterFailure({ ...first, attempts: 900, ageSeconds: 4.9 * day, reason }).status).toBe('queued');
    expect(afterFailure({ ...first, attempts: 900, ageSeconds: 5.1 * day, reason })).toEqual({
      status: 'failed',
      refusals: 0,
    });
  });

  it('is given up at the fifth refusal, hours after the first', () => {
    const steps = [0, 1, 2, 3, 4].map((refusals) => afterFailure({ ...first, refusals, reason: 'refused' }));
    expect(steps.map(({ status, refusals }) => [status, refusals])).toEqual([
      ['queued', 1],
      ['queued', 2],
      ['queued', 3],
      ['queued', 4],
      ['failed', 5],
    ]);
    const waited = steps.reduce((sum, step) => sum + ('delaySeconds' in step ? step.delaySeconds : 0), 0);
    expect(waited).toBeGreaterThan(4 * 3600);
  });

  it('is not given up for refusals when it merely had many deferred attempts before', () => {
    expect(afterFailure({ ...first, attempts: 200, reason: 'refused' }).status).toBe('queued');
  });
});
