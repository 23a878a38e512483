import type { Money } from '@app/contracts';
import { z } from 'zod';
import { providerId, providerText } from './provider-text.js';
import { fromStripeAmount } from './stripe-amount.js';

const reference = z.union([providerId, z.object({ id: providerId }).transform(({ id }) => id)]).nullish();

/** What each status means to us. Source: https://docs.stripe.com/api/disputes/object#dispute_object-status */
const STATUSES = {
  // An inquiry takes no money, and a refund ends it.
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'inquiry-closed',
  prevented: 'inquiry-closed',
  needs_response: 'open',
  under_review: 'open',
  lost: 'lost',
  // An appeal against a lost dispute: until it is won the money stays with the payer.
  appeal_needs_response: 'lost',
  appeal_under_review: 'lost',
  won: 'won',
} as const;

/** The part of Stripe's Dispute that we rely on: https://docs.stripe.com/api/disputes/object */
const StripeDispute = z.object({
  id: providerId,
  amount: z.int().min(1),
  currency: providerId,
  status: z.enum(Object.keys(STATUSES) as (keyof typeof STATUSES)[]),
  reason: providerText.nullish(),
  payment_intent: reference,
  balance_transactions: z.array(z.object({ amount: z.number() })).nullish(),
});

export interface ProviderDispute {
  /** The provider's id. */
  id: string;
  paymentIntent: string | null;
  amount: Money;
  status: (typeof STATUSES)[keyof typeof STATUSES];
  reason: string;
  /** Whether its money has left our balance. */
  withdrawn: boolean;
  /** Whether its money came back to our balance. */
  reinstated: boolean;
}

/** @throws ZodError when it is no Dispute. */
export function readStripeDispute(object: unknown): ProviderDispute {
  const dispute = StripeDispute.parse(object);
  const movements = dispute.balance_transactions ?? [];
  return {
    id: dispute.id,
    paymentIntent: dispute.payment_intent ?? null,
    amount: fromStripeAmount(dispute),
    status: STATUSES[dispute.status],
    reason: dispute.reason ?? 'unknown',
    withdrawn: movements.some(({ amount }) => amount < 0),
    reinstated: movements.some(({ amount }) => amount > 0),
  };
}
