import type Stripe from 'stripe';

/** What happened, as far as the simulator tells it: the types it sends. */
export type EventType = Extract<
  Stripe.Event['type'],
  | 'charge.dispute.closed'
  | 'charge.dispute.created'
  | 'charge.dispute.funds_reinstated'
  | 'charge.dispute.funds_withdrawn'
  | 'charge.refunded'
  | 'checkout.session.async_payment_failed'
  | 'checkout.session.completed'
  | 'checkout.session.expired'
  | 'payment_intent.payment_failed'
  | 'payment_intent.succeeded'
  | 'refund.created'
  | 'refund.failed'
  | 'refund.updated'
>;

/** The request that caused an event; nulls for what happened by itself or on the hosted page. */
export type EventCause = Stripe.Event.Request;

export const NO_REQUEST: EventCause = { id: null, idempotency_key: null };

export interface EventRow {
  id: string;
  created: number;
  type: EventType;
  api_version: string;
  object: object;
  request: EventCause;
}

export type EventObject = Omit<Stripe.EventBase, 'account' | 'context'>;

/** The envelope. `pendingWebhooks`: how many receivers have not taken it yet. */
export const eventObject = (row: EventRow, pendingWebhooks: number): EventObject => ({
  id: row.id,
  object: 'event',
  api_version: row.api_version,
  created: row.created,
  data: { object: row.object },
  livemode: false,
  pending_webhooks: pendingWebhooks,
  request: row.request,
  type: row.type,
});
