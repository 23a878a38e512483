import { z } from 'zod';
import { Id, Money, Person } from '../rest/fields.js';
import { Buyer, EventFacts, message } from './message.js';

/** These tickets are void and their stock is back; `amount` is owed to the payer, once per `refundId`. */
export const orderRefundRequested = message(
  'order.refund-requested.v1',
  z.object({
    orderId: Id,
    refundId: Id,
    ticketIds: z.array(Id),
    amount: Money,
    reason: z.string(),
    event: EventFacts,
    buyer: Buyer,
  }),
);

/** Money came that buys nothing: all of that payment goes back, once per `refundId`. */
export const orderUnfulfillable = message(
  'order.unfulfillable.v1',
  z.object({
    orderId: Id,
    refundId: Id,
    paymentId: Id,
    amount: Money,
    reason: z.string(),
    event: EventFacts,
    buyer: Buyer,
  }),
);

/**
 * The how-manyeth word about a refund this is, from 1: a lower one that comes after a higher one is old news. Absent in
 * messages of the release before.
 */
const sequence = z.int().positive().optional();

/** `covered`: what of the amount was told before, of refunds that somebody had made at the provider; it moved once. */
export const paymentRefunded = message(
  'payment.refunded.v1',
  z.object({ orderId: Id, paymentId: Id, refundId: Id, amount: Money, covered: Money.optional(), sequence }),
);

/**
 * Final until a person acts: the tickets stay void, the money is still owed. `paymentId`: what was to bear it, absent when
 * nothing was paid for the order.
 */
export const paymentRefundFailed = message(
  'payment.refund-failed.v1',
  z.object({ orderId: Id, paymentId: Id.optional(), refundId: Id, amount: Money, reason: z.string(), sequence }),
);

/**
 * A person has taken a refund that failed up: had it tried again at the provider, or settled it. `note` and
 * `providerRefunds` (the provider's ids) say how it was settled.
 */
export const paymentRefundTakenUp = message(
  'payment.refund-taken-up.v1',
  z.object({
    orderId: Id,
    refundId: Id,
    amount: Money,
    how: z.enum(['retried', 'settled']),
    by: Person.extend({ role: z.string() }),
    note: z.string().optional(),
    providerRefunds: z.array(z.string()).optional(),
  }),
);
