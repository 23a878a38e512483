import type { Money } from '@app/contracts';
import { z } from 'zod';
import { providerId, providerText } from './provider-text.js';
import { fromStripeAmount } from './stripe-amount.js';

const reference = z.union([providerId, z.object({ id: providerId }).transform(({ id }) => id)]).nullish();

/** The part of Stripe's Checkout Session that we rely on: https://docs.stripe.com/api/checkout/sessions/object */
const StripeSession = z.object({
  id: providerId,
  url: providerText.nullish(),
  status: z.string().nullish(),
  payment_status: z.string(),
  payment_intent: reference,
  amount_total: z.int().min(0).nullish(),
  currency: providerId.nullish(),
  metadata: z.record(z.string(), providerText).nullish(),
});

/** What a session says of its payment. */
export type SessionFact = { fact: 'paid'; amount: Money } | { fact: 'expired' };

export interface CheckoutSession {
  id: string;
  /** Of the hosted page; null once the session has ended. */
  url: string | null;
  paymentIntent: string | null;
  /** `payments.id`, as we told it to the provider. */
  paymentId: string | null;
  /** Null while it is open, or complete and waiting for money. */
  fact: SessionFact | null;
}

/** @throws ZodError when it is no Checkout Session. */
export function readCheckoutSession(object: unknown): CheckoutSession {
  const session = StripeSession.parse(object);
  return {
    id: session.id,
    url: session.url ?? null,
    paymentIntent: session.payment_intent ?? null,
    paymentId: session.metadata?.['payment_id'] ?? null,
    fact: factOf(session),
  };
}

/** Only `payment_status: paid` counts as money. */
function factOf({ status, payment_status, amount_total, currency }: z.infer<typeof StripeSession>): SessionFact | null {
  if (payment_status === 'paid')
    return { fact: 'paid', amount: fromStripeAmount({ amount: amount_total ?? 0, currency: currency ?? '' }) };
  return status === 'expired' ? { fact: 'expired' } : null;
}
