import { describe, expect, it } from '@jest/globals';
import { refusalOfAmount, refusalOfTotal } from './charge-amount.js';
import { decimals, formatAmount, SUPPORTED } from './currencies.js';

describe('amounts', () => {
  it.each([
    [4500, 'eur', '€45.00'],
    [500, 'jpy', '¥500'],
    [5120, 'kwd', 'KWD 5.120'],
    [500, 'isk', 'ISK 5.00'],
    [175_00, 'huf', 'HUF 175.00'],
  ])('shows %i %s as %s', (amount, currency, shown) => {
    expect(formatAmount(amount, currency).replaceAll('\u00a0', ' ')).toBe(shown);
  });

  it("follows Stripe's decimals where ISO 4217 says otherwise", () => {
    expect([decimals('mga'), decimals('isk'), decimals('ugx'), decimals('huf')]).toEqual([0, 2, 2, 2]);
  });

  it.each([
    ['eur', 49, 50],
    ['gbp', 29, 30],
    ['czk', 1499, 1500],
    ['jpy', 49, 50],
  ])('refuses %s totals under the smallest charge', (currency, under, smallest) => {
    expect(refusalOfTotal(under, currency)?.raw).toMatchObject({ code: 'amount_too_small' });
    expect(refusalOfTotal(smallest, currency)).toBeUndefined();
  });

  it('refuses totals of nothing and of more than eight digits', () => {
    expect(refusalOfTotal(0, 'eur')?.raw.code).toBe('amount_too_small');
    expect(refusalOfTotal(100_000_000, 'eur')?.raw.code).toBe('amount_too_large');
  });

  it('wants whole tens in three-decimal currencies and whole units in ISK and UGX', () => {
    expect(refusalOfAmount(5124, 'kwd', 'amount')?.status).toBe(400);
    expect(refusalOfAmount(5120, 'kwd', 'amount')).toBeUndefined();
    expect(refusalOfAmount(550, 'isk', 'amount')?.status).toBe(400);
    expect(refusalOfAmount(500, 'ugx', 'amount')).toBeUndefined();
  });

  it('knows more than 135 currencies, each by three lower-case letters', () => {
    expect([...SUPPORTED].filter((code) => !/^[a-z]{3}$/.test(code))).toEqual([]);
    expect(SUPPORTED.size).toBeGreaterThan(135);
  });
});
