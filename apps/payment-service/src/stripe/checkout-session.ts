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

/** What can be said of a session when its payment intent was given with it. */
export interface EndedSession {
  session: CheckoutSession;
  /** Null while somebody may still pay, or money is on its way. */
  fact: SessionFact | { fact: 'failed' } | null;
}

const WithIntent = z.object({
  status: z.string().nullish(),
  payment_intent: z.object({ status: z.string() }).nullish().catch(null),
});

/**
 * Of a session that is complete and unpaid only its payment intent tells whether money is on its way (`processing`) or
 * none will come: https://docs.stripe.com/payments/paymentintents/lifecycle. @throws ZodError when it is no Checkout Session.
 */
export function readEndedSession(object: unknown): EndedSession {
  const session = readCheckoutSession(object);
  const { status, payment_intent: intent } = WithIntent.parse(object);
  const isDead = intent?.status === 'requires_payment_method' || intent?.status === 'canceled';
  return { session, fact: session.fact ?? (status === 'complete' && isDead ? { fact: 'failed' } : null) };
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
