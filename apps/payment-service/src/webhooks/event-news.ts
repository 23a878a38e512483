import { z } from 'zod';
import type { PaymentFact } from '../payments/payments.module.js';
import {
  providerId,
  readCheckoutSession,
  readStripeDispute,
  readStripeRefund,
  type CheckoutSession,
  type ProviderDispute,
  type ProviderRefund,
} from '../stripe/stripe.module.js';

/** What an event of Stripe tells us. */
export type EventNews =
  | { about: 'session'; session: CheckoutSession; fact: PaymentFact | null }
  /** `isAsked`: the provider says so now, not at some time before. */
  | { about: 'refund'; refund: ProviderRefund; isAsked?: true }
  | { about: 'dispute'; dispute: ProviderDispute }
  /** Some of a charge went back; it does not say by which refunds. */
  | { about: 'charge'; paymentIntent: string | null }
  | { about: 'nothing' };

const Charge = z.object({ payment_intent: providerId.nullish() });

const REFUND_TYPES = ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'];

/** Types of which those that wait lead to a question to the provider: they say too little by themselves, or contradict what is known. */
export const PURSUED_TYPES = ['charge.refunded', ...REFUND_TYPES];

/** https://docs.stripe.com/api/events/types. @throws ZodError when the object is not what the type promises. */
export function readNews(type: string, object: unknown): EventNews {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return sessionNews(object, (session) => session.fact);
    case 'checkout.session.async_payment_failed':
      return sessionNews(object, () => ({ fact: 'failed' }));
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return { about: 'refund', refund: readStripeRefund(object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return { about: 'dispute', dispute: readStripeDispute(object) };
    case 'charge.dispute.funds_withdrawn':
      return { about: 'dispute', dispute: { ...readStripeDispute(object), withdrawn: true } };
    case 'charge.dispute.funds_reinstated':
      return { about: 'dispute', dispute: { ...readStripeDispute(object), reinstated: true } };
    case 'charge.refunded':
      return { about: 'charge', paymentIntent: Charge.parse(object).payment_intent ?? null };
    default:
      return { about: 'nothing' };
  }
}

function sessionNews(object: unknown, factOf: (session: CheckoutSession) => PaymentFact | null): EventNews {
  const session = readCheckoutSession(object);
  return { about: 'session', session, fact: factOf(session) };
}
