import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromStripeAmount, toStripeAmount, UnpayableAmount } from './stripe-amount.js';

describe("hard case 29: amounts in Stripe's unit", () => {
  it.each([
    ['EUR', 4500, 4500],
    ['JPY', 500, 500],
    ['HUF', 17500, 17500],
    ['ISK', 5, 500],
    ['UGX', 5000, 500000],
    ['MGA', 20000, 200],
    ['KWD', 5120, 5120],
  ])('%s %i is %i', (currency, iso, stripe) => {
    expect(toStripeAmount({ amount: iso, currency })).toEqual({ amount: stripe, currency: currency.toLowerCase() });
    expect(fromStripeAmount({ amount: stripe, currency: currency.toLowerCase() })).toEqual({ amount: iso, currency });
  });

  it.each([
    ['KWD', 5124],
    ['MGA', 150],
  ])('refuses %s %i, which Stripe cannot express', (currency, amount) => {
    expect(() => toStripeAmount({ amount, currency })).toThrow(UnpayableAmount);
  });

  it('refuses an amount of Stripe that is no whole number of minor units', () => {
    expect(() => fromStripeAmount({ amount: 550, currency: 'isk' })).toThrow(RangeError);
  });

  it('comes back as it went', () => {
    const currency = fc.constantFrom('EUR', 'JPY', 'ISK', 'UGX', 'MGA', 'KWD', 'TND', 'USD');
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: 9_999_999 }), (of, hundreds) => {
        const money = { amount: hundreds * 100, currency: of };
        expect(fromStripeAmount(toStripeAmount(money))).toEqual(money);
      }),
    );
  });
});
