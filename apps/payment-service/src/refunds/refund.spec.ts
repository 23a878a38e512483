import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advanceRefund, type RefundFact, type RefundState, type RefundStatus } from './refund.js';

const state = (status: RefundStatus, isKnownToProvider = true): RefundState => ({ status, isKnownToProvider });

describe('a refund', () => {
  it('succeeds, and its money stays put aside', () => {
    expect(advanceRefund(state('pending'), 'succeeded')).toEqual({
      status: 'succeeded',
      reservation: 'stays',
      cameBack: false,
    });
  });

  it('fails, and its money can be put aside again', () => {
    expect(advanceRefund(state('pending'), 'failed')).toEqual({
      status: 'failed',
      reservation: 'released',
      cameBack: false,
    });
  });

  it('may fail after it had succeeded', () => {
    expect(advanceRefund(state('succeeded'), 'failed')).toEqual({
      status: 'failed',
      reservation: 'released',
      cameBack: true,
    });
  });

  it('that failed at the provider is not revived by an older, late success', () => {
    expect(advanceRefund(state('failed'), 'succeeded')).toBeNull();
  });

  it('that we gave up without an answer succeeds when the provider says so after all', () => {
    expect(advanceRefund(state('failed', false), 'succeeded')).toMatchObject({
      status: 'succeeded',
      reservation: 'taken-again',
    });
  });

  it('that a person has paid back is paid twice when the provider makes it, until that comes back', () => {
    for (const known of [true, false])
      expect(advanceRefund(state('settled', known), 'succeeded')).toEqual({
        status: 'paid-twice',
        reservation: 'stays',
        cameBack: false,
      });
    expect(advanceRefund(state('settled'), 'failed')).toBeNull();
    expect(advanceRefund(state('paid-twice'), 'succeeded')).toBeNull();
    expect(advanceRefund(state('paid-twice'), 'failed')).toEqual({
      status: 'settled',
      reservation: 'stays',
      cameBack: true,
    });
  });

  it('moves at most twice, whatever the provider says and however often', () => {
    const facts = fc.array(fc.constantFrom<RefundFact>('pending', 'succeeded', 'failed'), { maxLength: 12 });
    fc.assert(
      fc.property(facts, (given) => {
        let status: RefundStatus = 'pending';
        let reserved = 1;
        let moves = 0;
        for (const fact of given) {
          const step = advanceRefund(state(status), fact);
          if (!step) continue;
          status = step.status;
          moves += 1;
          reserved += { stays: 0, released: -1, 'taken-again': 1 }[step.reservation];
        }
        expect(moves).toBeLessThanOrEqual(2);
        expect(reserved).toBe(status === 'failed' ? 0 : 1);
      }),
    );
  });
});
