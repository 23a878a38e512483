// Source of every table here: https://docs.stripe.com/currencies, sections "Supported presentment currencies",
// "Zero-decimal currencies", "Three-decimal currencies", "Special cases", "Minimum and maximum charge amounts".

/** Currencies that can be charged, in lower case as the API writes them. */
export const SUPPORTED: ReadonlySet<string> = new Set(
  `aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
   crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy
   kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok
   npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top
   try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw`.split(/\s+/),
);

/** An amount of 500 is 500 of them. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));

/** An amount of 5000 is 5.000 of them, and its last digit must be 0. */
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** They have no decimals, but are written with two, which must be 00. */
const TWO_DECIMALS_THAT_ARE_ZERO = new Set('isk ugx'.split(' '));

/**
 * Smallest charge, in the API's unit. A currency that is not listed must convert to the minimum of the account's
 * settlement currency; the simulator has no exchange rates and takes any amount of it.
 */
const MINIMUM_CHARGE: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 15_00,
  dkk: 2_50,
  eur: 50,
  gbp: 30,
  hkd: 4_00,
  huf: 175_00,
  inr: 50,
  jpy: 50,
  mxn: 10_00,
  myr: 2_00,
  nok: 3_00,
  nzd: 50,
  pln: 2_00,
  ron: 2_00,
  sek: 3_00,
  sgd: 50,
  thb: 10_00,
  usd: 50,
};

/** Stripe takes amounts of up to eight digits. */
export const MAXIMUM_CHARGE = 999_999_99;

/** Smallest amount that can be charged, in the API's unit. */
export const minimumCharge = (currency: string): number => MINIMUM_CHARGE[currency] ?? 1;

/** Digits after the point in an amount of the API. */
export function decimals(currency: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** What every amount in this currency must be a multiple of. */
export function granularity(currency: string): 1 | 10 | 100 {
  if (THREE_DECIMAL.has(currency)) return 10;
  return TWO_DECIMALS_THAT_ARE_ZERO.has(currency) ? 100 : 1;
}

/** `formatAmount(4500, 'eur')` is "€45.00". */
export function formatAmount(amount: number, currency: string): string {
  const digits = decimals(currency);
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}
