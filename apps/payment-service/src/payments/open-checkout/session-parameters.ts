import { LONGEST_PROLONGATION } from '@app/contracts';
import { toStripeAmount, type SessionParameters } from '../../stripe/stripe.module.js';
import type { OwedOrder } from '../owed-order.js';
import type { CheckoutAddresses } from './checkout-link.js';
import { holdNotice } from './hold-notice.js';

/** Seconds. Stripe takes sessions of 30 minutes to 24 hours; the margin is for its clock, and for a second try. */
const SHORTEST = 30 * 60;
const LONGEST = 24 * 60 * 60;
const MARGIN = 5 * 60;
/** Characters of a line's name that Stripe takes. */
const NAME_LENGTH = 250;

interface Wish {
  paymentId: string;
  addresses: Pick<CheckoutAddresses, 'successUrl' | 'cancelUrl'>;
  paymentMethodTypes: readonly string[];
  now: Date;
}

/**
 * The Checkout Session of an order. We end it ourselves when the hold ends, so that it may live longer than the hold: it
 * has to, for the hold may be prolonged while the question stays the same to the letter.
 * @throws UnpayableAmount when Stripe cannot express a price.
 */
export function sessionParameters(
  order: OwedOrder,
  { paymentId, addresses, paymentMethodTypes, now }: Wish,
): SessionParameters {
  const metadata = { order_id: order.orderId, payment_id: paymentId, tenant_id: order.tenantId };
  return {
    mode: 'payment',
    line_items: order.items.map(({ name, quantity, unitPrice }) => {
      const { amount, currency } = toStripeAmount(unitPrice);
      const title = `${order.eventTitle} – ${name}`.slice(0, NAME_LENGTH);
      return { quantity, price_data: { currency, unit_amount: amount, product_data: { name: title } } };
    }),
    client_reference_id: order.orderId,
    customer_email: order.buyerEmail,
    custom_text: { submit: { message: holdNotice(order.expiresAt, order.eventTimezone) } },
    expires_at: sessionEnd(order.expiresAt, now),
    metadata,
    payment_intent_data: { metadata },
    allowed_payment_method_types: [...paymentMethodTypes] as SessionParameters['allowed_payment_method_types'],
    success_url: addresses.successUrl,
    cancel_url: addresses.cancelUrl,
  };
}

/** Unix seconds. */
function sessionEnd(holdEnd: Date, now: Date): number {
  const seconds = (at: Date) => Math.ceil(at.getTime() / 1000);
  const wanted = Math.max(seconds(holdEnd) + LONGEST_PROLONGATION, seconds(now) + SHORTEST) + MARGIN;
  return Math.min(wanted, seconds(now) + LONGEST - MARGIN);
}
