import type { Money } from '@app/contracts';
import { z } from 'zod';
import { providerId, providerText } from './provider-text.js';
import { fromStripeAmount } from './stripe-amount.js';

const reference = z.union([providerId, z.object({ id: providerId }).transform(({ id }) => id)]).nullish();

/** The part of Stripe's Refund that we rely on: https://docs.stripe.com/api/refunds/object */
const StripeRefund = z.object({
  id: providerId,
  amount: z.int().min(1),
  currency: providerId,
  status: providerText.nullish(),
  failure_reason: providerText.nullish(),
  payment_intent: reference,
  metadata: z.record(z.string(), providerText).nullish(),
});

export interface ProviderRefund {
  /** The provider's id. */
  id: string;
  /** `refunds.id`, if the refund was asked for by us; null for one made in the provider's dashboard. */
  refundId: string | null;
  paymentIntent: string | null;
  amount: Money;
  status: 'pending' | 'succeeded' | 'failed';
  failure: string | null;
}

/** @throws ZodError when it is no Refund. */
export function readStripeRefund(object: unknown): ProviderRefund {
  const refund = StripeRefund.parse(object);
  const status = statusOf(refund.status);
  return {
    id: refund.id,
    refundId: refund.metadata?.['refund_id'] ?? null,
    paymentIntent: refund.payment_intent ?? null,
    amount: fromStripeAmount(refund),
    status,
    failure: status === 'failed' ? (refund.failure_reason ?? refund.status ?? 'unknown') : null,
  };
}

/** `requires_action` waits for the payer; `canceled` moved no money. */
function statusOf(status: string | null | undefined): ProviderRefund['status'] {
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}
