import { invalidRequest } from '../../api/stripe-error.js';
import { refusalOfAmount } from '../../money/charge-amount.js';
import { formatAmount } from '../../money/currencies.js';
import type { ChargeRow } from '../../payments/payments.module.js';

/**
 * What to give back: `wanted`, or all that is left. @throws StripeError 400 when everything is given back already or
 * `wanted` is more than what is left: https://docs.stripe.com/refunds#issuing
 */
export function refundableAmount(charge: ChargeRow, wanted: number | undefined): number {
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  if (wanted === undefined) return left;
  const refusal = refusalOfAmount(wanted, charge.currency, 'amount');
  if (refusal) throw refusal;
  if (wanted <= left) return wanted;
  const [asked, bound] = [wanted, left].map((amount) => formatAmount(amount, charge.currency));
  const limit = charge.amount_refunded === 0 ? 'charge amount' : 'unrefunded amount on charge';
  throw invalidRequest(`Refund amount (${asked}) is greater than ${limit} (${bound})`, { param: 'amount' });
}
