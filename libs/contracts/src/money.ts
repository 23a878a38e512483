import type { Money } from './rest/fields.js';

/**
 * Currencies of ISO 4217 whose minor unit is not a hundredth. What Intl says differs between versions of Node, and counts
 * by custom: its forint has no fillér, ours has two digits.
 */
const DIGITS: Readonly<Record<string, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** Digits behind the point, ISO 4217. */
function digitsOf(currency: string): number {
  const found = Object.entries(DIGITS).find(([, currencies]) => currencies.split(' ').includes(currency));
  return Number(found?.[0] ?? 2);
}

/** As people read it, the same in every mail and on every ticket: €45.00, ¥4,500, PLN 149.00, KWD 4.500. */
export function wordMoney({ amount, currency }: Money): string {
  const digits = digitsOf(currency);
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'symbol', ...decimals });
  return format.format(amount / 10 ** digits);
}
