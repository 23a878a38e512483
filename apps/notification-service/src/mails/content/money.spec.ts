import { describe, expect, it } from '@jest/globals';
import { showMoney } from './money.js';

describe('showMoney', () => {
  it.each([
    [4500, 'EUR', '€45.00'],
    [123456789, 'USD', '$1,234,567.89'],
    [4500, 'JPY', '¥4,500'],
    [4500, 'KWD', 'KWD 4.500'],
    [4500, 'HUF', 'HUF 45.00'],
    [4500, 'IQD', 'IQD 4.500'],
    [0, 'GBP', '£0.00'],
    [99_999_999_99, 'EUR', '€99,999,999.99'],
  ])('shows %i minor units of %s as %s', (amount, currency, shown) => {
    expect(showMoney({ amount, currency }).replaceAll('\u00a0', ' ')).toBe(shown);
  });
});
