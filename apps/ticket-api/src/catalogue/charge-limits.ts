/**
 * What Stripe can charge, in ISO 4217 minor units.
 * Source: https://docs.stripe.com/currencies, "Minimum and maximum charge amounts", "Three-decimal currencies" and
 * "Zero-decimal currencies". A currency without a row must convert to the minimum of the account's settlement currency,
 * which only Stripe knows.
 */
const smallest: Readonly<Record<string, number>> = {
  AED: 2_00,
  AUD: 50,
  BGN: 1_00,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 15_00,
  DKK: 2_50,
  EUR: 50,
  GBP: 30,
  HKD: 4_00,
  HUF: 175_00,
  INR: 50,
  JPY: 50,
  MXN: 10_00,
  MYR: 2_00,
  NOK: 3_00,
  NZD: 50,
  PLN: 2_00,
  RON: 2_00,
  SEK: 3_00,
  SGD: 50,
  THB: 10_00,
  USD: 50,
};

/** ISO 4217 counts more decimals of these than the card networks do. */
const steps: Readonly<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 };

/** Smallest amount that can be charged, apart from nothing at all. */
export const smallestCharge = (currency: string): number => smallest[currency] ?? 1;

/** What every amount must be a multiple of. */
export const chargeStep = (currency: string): number => steps[currency] ?? 1;

/** Stripe takes amounts of up to eight digits. */
export const LARGEST_CHARGE = 99_999_999;
