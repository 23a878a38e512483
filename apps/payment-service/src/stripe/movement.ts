import type { Money } from '@app/contracts';
import { z } from 'zod';
import { providerId, storableText } from './provider-text.js';
import { fromStripeAmount } from './stripe-amount.js';
import { readStripeDispute, type ProviderDispute } from './stripe-dispute.js';
import { readStripeRefund, type ProviderRefund } from './stripe-refund.js';

/**
 * The provider's names of movements that our books have too: https://docs.stripe.com/reports/balance-transaction-types.
 * What fees and pay-outs move is not among them; disputes are `adjustment`, as is much else.
 */
export const MOVEMENT_TYPES = [
  'charge',
  'payment',
  'refund',
  'payment_refund',
  'refund_failure',
  'adjustment',
] as const;
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** What the provider's ledger tells of. Amounts are those of the buyer's currency, not of the account's. */
export type Movement =
  | { about: 'payment'; id: string; paymentIntent: string | null; amount: Money }
  | { about: 'refund'; refund: ProviderRefund }
  | { about: 'dispute'; dispute: ProviderDispute }
  /** A person has to look at it; the others go on. */
  | { about: 'movement'; id: string };

const reference = z.union([providerId, z.object({ id: providerId }).transform(({ id }) => id)]).nullish();
const Charge = z.object({
  object: z.literal('charge'),
  id: providerId,
  amount: z.int().min(0),
  amount_captured: z.int().min(0).nullish(),
  currency: providerId,
  payment_intent: reference,
});
const Refund = z.object({ object: z.literal('refund') });
const Dispute = z.object({ object: z.literal('dispute') });
const BalanceTransaction = z.object({ id: z.string(), type: z.string(), source: z.unknown() });

/**
 * https://docs.stripe.com/api/balance_transactions/object with its source; null for an adjustment that is no dispute's.
 * @throws ZodError when it has no id.
 */
export function readMovement(object: unknown): Movement | null {
  const { id, type, source } = BalanceTransaction.parse(object);
  const isDispute = Dispute.safeParse(source).success;
  if (type === 'adjustment' && !isDispute) return null;
  try {
    if (isDispute) return { about: 'dispute', dispute: readStripeDispute(source) };
    if (Refund.safeParse(source).success) return { about: 'refund', refund: readStripeRefund(source) };
    const charge = Charge.parse(source);
    const { currency, payment_intent: paymentIntent = null } = charge;
    const amount = fromStripeAmount({ amount: charge.amount_captured ?? charge.amount, currency });
    return { about: 'payment', id: charge.id, paymentIntent, amount };
  } catch {
    return { about: 'movement', id: storableText(id) };
  }
}

const Intent = z.object({ id: providerId, amount_received: z.int().min(0), currency: providerId });

/** https://docs.stripe.com/api/payment_intents/object. Null when nothing was received. @throws ZodError, RangeError */
export function readPaidIntent(object: unknown): Movement | null {
  const { id, amount_received: amount, currency } = Intent.parse(object);
  return amount === 0
    ? null
    : { about: 'payment', id, paymentIntent: id, amount: fromStripeAmount({ amount, currency }) };
}
