import type { Money } from '@app/contracts';

/**
 * Where Stripe's unit of an amount is not the ISO 4217 minor unit. Source: https://docs.stripe.com/currencies, "Zero-decimal
 * currencies", "Three-decimal currencies" and "Special cases". `times`: Stripe's amount is the ISO amount times this.
 */
const SPECIAL: Readonly<Record<string, { times: number } | { dividedBy: number } | { multipleOf: number }>> = {
  // ISO has no minor unit; Stripe writes two decimals that are zero.
  ISK: { times: 100 },
  UGX: { times: 100 },
  // ISO has two digits; Stripe none.
  MGA: { dividedBy: 100 },
  // Three digits, of which Stripe wants the last to be zero.
  BHD: { multipleOf: 10 },
  JOD: { multipleOf: 10 },
  KWD: { multipleOf: 10 },
  OMR: { multipleOf: 10 },
  TND: { multipleOf: 10 },
};

export interface StripeAmount {
  amount: number;
  /** Lower case, as Stripe writes it. */
  currency: string;
}

/** @throws UnpayableAmount when Stripe cannot express this amount of the currency. */
export function toStripeAmount({ amount, currency }: Money): StripeAmount {
  const rule = SPECIAL[currency];
  const stripe = { amount, currency: currency.toLowerCase() };
  if (rule === undefined) return stripe;
  if ('times' in rule) return { ...stripe, amount: amount * rule.times };
  const step = 'multipleOf' in rule ? rule.multipleOf : rule.dividedBy;
  if (amount % step !== 0) throw new UnpayableAmount(`${amount} ${currency} is not a multiple of ${step} minor units`);
  return 'dividedBy' in rule ? { ...stripe, amount: amount / rule.dividedBy } : stripe;
}

/** The amount in ISO 4217 minor units. @throws RangeError when it is no whole number of them. */
export function fromStripeAmount({ amount, currency }: StripeAmount): Money {
  const iso = currency.toUpperCase();
  const rule = SPECIAL[iso];
  if (rule !== undefined && 'times' in rule) {
    if (amount % rule.times !== 0) throw new RangeError(`${amount} ${currency} is no whole number of minor units.`);
    return { amount: amount / rule.times, currency: iso };
  }
  if (rule !== undefined && 'dividedBy' in rule) return { amount: amount * rule.dividedBy, currency: iso };
  return { amount, currency: iso };
}

export class UnpayableAmount extends Error {
  override name = 'UnpayableAmount';
}
