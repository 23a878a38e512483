import { expect, it } from '@jest/globals';
import { wordMoney } from './money.js';

it.each([
  [4500, 'EUR', '€45.00'],
  [149_00, 'PLN', 'PLN 149.00'],
  [123456789, 'USD', '$1,234,567.89'],
  [4500, 'JPY', '¥4,500'],
  [4500, 'KWD', 'KWD 4.500'],
  [4500, 'HUF', 'HUF 45.00'],
  [4500, 'IQD', 'IQD 4.500'],
  [45_000, 'CLF', 'CLF 4.5000'],
  [0, 'GBP', '£0.00'],
  [99_999_999_99, 'EUR', '€99,999,999.99'],
])('%i minor units of %s are written %s, with the decimals of ISO 4217', (amount, currency, words) => {
  expect(wordMoney({ amount, currency }).replaceAll('\u00a0', ' ')).toBe(words);
});
