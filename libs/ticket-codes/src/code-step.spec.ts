import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expiryOf, isOfThisMoment, startOf, stepAt } from './code-step.js';

const noon = new Date('2030-06-01T12:00:00Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const step = stepAt(noon);

describe('a rotating code', () => {
  it('is of the step of thirty seconds in which it was shown, and is taken one step before and after', () => {
    expect(step).toBe(noon.getTime() / 30_000);
    const taken = [-31, -30.001, -30, 0, 29.999, 30, 59.999, 60, 90].map((at) => isOfThisMoment(step, after(at)));
    expect(taken).toEqual([false, false, true, true, true, true, true, false, false]);
  });

  it('is taken until the time that is told with it', () => {
    expect(expiryOf(step)).toEqual(after(60));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: -120_000, max: 120_000 }), (any, ms) => {
        const now = new Date(startOf(any).getTime() + ms);
        const isIn = now < expiryOf(any) && now >= startOf(any - 1);
        expect(isOfThisMoment(any, now)).toBe(isIn);
      }),
    );
  });

  it('that does not rotate is of every moment', () => {
    expect(isOfThisMoment(null, noon)).toBe(true);
  });
});
