import { describe, expect, it } from '@jest/globals';
import { mayWait, type WaitingWish } from './may-wait.js';

const wish: WaitingWish = {
  ...{ quantity: 2, hasList: true, onSale: true, free: 0, capacity: 10, maxPerOrder: 4, maxPerBuyer: 4, has: 2 },
  isWaiting: false,
};

describe('whoever may wait', () => {
  it('waits for what is on sale and sold out, within the limits of an order', () => {
    expect(mayWait(wish)).toEqual({ granted: true });
    expect(mayWait({ ...wish, has: 100, maxPerBuyer: null })).toEqual({ granted: true });
  });

  it.each([
    [{ hasList: false }, 'waiting-list-closed'],
    [{ onSale: false }, 'sales-closed'],
    [{ isWaiting: true }, 'already-waiting'],
    [{ free: 1 }, 'not-sold-out'],
    [{ quantity: 5 }, 'limit-exceeded'],
    [{ has: 3 }, 'limit-exceeded'],
    [{ capacity: 1 }, 'limit-exceeded'],
  ])('does not with %j: %s', (given, code) => {
    expect(mayWait({ ...wish, ...given })).toMatchObject({ granted: false, code });
  });
});
