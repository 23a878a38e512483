import { invalidRequest, type StripeError } from '../api/stripe-error.js';
import { formatAmount, granularity, MAXIMUM_CHARGE, minimumCharge } from './currencies.js';

/** Why Stripe would not open a Checkout Session over this total; undefined when it would. */
export function refusalOfTotal(total: number, currency: string): StripeError | undefined {
  const due = "The Checkout Session's total amount due";
  if (total === 0) {
    return invalidRequest(`${due} cannot be zero in \`payment\` mode.`, { code: 'amount_too_small' });
  }
  const smallest = minimumCharge(currency);
  if (total < smallest) {
    const least = `${formatAmount(smallest, currency)} ${currency}`;
    return invalidRequest(`${due} must add up to at least ${least}`, { code: 'amount_too_small' });
  }
  if (total > MAXIMUM_CHARGE) {
    const most = formatAmount(MAXIMUM_CHARGE, currency);
    return invalidRequest(`${due} must be no more than ${most}.`, { code: 'amount_too_large' });
  }
  return undefined;
}

/** Why Stripe would not take this amount at all; undefined when it would. */
export function refusalOfAmount(amount: number, currency: string, param: string): StripeError | undefined {
  const step = granularity(currency);
  if (amount % step === 0) return undefined;
  return invalidRequest(
    `Invalid amount: amounts in ${currency} must be divisible by ${step}. See https://docs.stripe.com/currencies#special-cases`,
    { param },
  );
}
