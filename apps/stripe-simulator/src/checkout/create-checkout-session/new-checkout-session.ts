import { objectId } from '../../api/object-id.js';
import { invalidRequest } from '../../api/stripe-error.js';
import { refusalOfAmount, refusalOfTotal } from '../../money/charge-amount.js';
import { LONGEST_LIFE, SHORTEST_LIFE, type CheckoutSession } from '../checkout-session.js';
import { lineItem, type LineItemObject } from '../line-item.js';
import type { CreateCheckoutSession } from './create-checkout-session.parameters.js';

/**
 * The session that these parameters ask for. `now` in Unix seconds.
 * @throws StripeError 400 when Stripe's rules about amounts, currencies or the life of a session are broken.
 */
export function newCheckoutSession(parameters: CreateCheckoutSession, now: number): Partial<CheckoutSession> {
  const lines = parameters.line_items.map(({ quantity, price_data: { currency, unit_amount, product_data } }) =>
    lineItem({ currency, unit_amount, quantity, name: product_data.name }, now),
  );
  const currency = oneCurrency(lines, parameters.currency);
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  for (const refusal of [amountRefusal(lines, currency), refusalOfTotal(total, currency)]) if (refusal) throw refusal;
  return {
    id: objectId('cs_test'),
    created: now,
    expires_at: expiry(parameters.expires_at, now),
    amount_total: total,
    currency,
    client_reference_id: parameters.client_reference_id ?? null,
    customer_email: parameters.customer_email ?? null,
    locale: parameters.locale ?? null,
    submit_type: parameters.submit_type ?? null,
    success_url: parameters.success_url,
    cancel_url: parameters.cancel_url ?? null,
    custom_text: {
      submit: parameters.custom_text?.submit ?? null,
      after_submit: parameters.custom_text?.after_submit ?? null,
    },
    metadata: parameters.metadata,
    line_items: lines,
    payment_intent_data: {
      description: parameters.payment_intent_data?.description ?? null,
      receipt_email: parameters.payment_intent_data?.receipt_email ?? null,
      metadata: parameters.payment_intent_data?.metadata ?? {},
    },
    allowed_payment_method_types: parameters.allowed_payment_method_types ?? null,
  };
}

function oneCurrency([first, ...others]: LineItemObject[], wanted: string | undefined): string {
  const currency = wanted ?? (first as LineItemObject).currency;
  if ([first as LineItemObject, ...others].every((line) => line.currency === currency)) return currency;
  throw invalidRequest('All prices on a Checkout Session must be in the same currency.', { param: 'line_items' });
}

function amountRefusal(lines: LineItemObject[], currency: string) {
  const refusals = lines.map((line, index) =>
    refusalOfAmount(line.price.unit_amount ?? 0, currency, `line_items[${index}][price_data][unit_amount]`),
  );
  return refusals.find((refusal) => refusal !== undefined);
}

function expiry(wanted: number | undefined, now: number): number {
  if (wanted === undefined) return now + LONGEST_LIFE;
  if (wanted < now + SHORTEST_LIFE) {
    throw invalidRequest('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', {
      param: 'expires_at',
    });
  }
  if (wanted > now + LONGEST_LIFE) {
    throw invalidRequest('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    });
  }
  return wanted;
}
