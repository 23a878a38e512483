import { z } from 'zod';
import { Id, Money } from './fields.js';
import { operation } from './operation.js';

const tag = 'payments';
const service = 'payment-service';

/**
 * `signature` proves that ticket-api made the link; the link alone suffices. Mail and chat programs append parameters of
 * their own, and whatever cannot be read as a signature is none.
 */
export const CheckoutQuery = z.object({ signature: z.string().max(200).optional().catch(undefined) });
export type CheckoutQuery = z.infer<typeof CheckoutQuery>;

/** `outcome` is what the payment page says, to a buyer who may know better: it chooses words and nothing else. */
export const ReturnQuery = CheckoutQuery.extend({ outcome: z.literal('success').optional().catch(undefined) });
export type ReturnQuery = z.infer<typeof ReturnQuery>;

/**
 * Owners and organizers of the order's organization are shown `disputes`, oldest first, and each refund's
 * `providerRefundId`, null as long as the provider has made none. Buyers are not.
 */
export const PaymentView = z.object({
  orderId: Id,
  status: z.enum(['none', 'open', 'succeeded', 'failed', 'expired', 'refunded', 'partially-refunded', 'review']),
  charged: Money,
  refunded: Money,
  refundPending: Money,
  refunds: z.array(
    z.object({
      id: Id,
      amount: Money,
      status: z.enum(['pending', 'succeeded', 'failed']),
      createdAt: z.string(),
      providerRefundId: z.string().nullable().optional(),
    }),
  ),
  disputes: z
    .array(
      z.object({
        providerDisputeId: z.string(),
        status: z.enum(['inquiry', 'inquiry-closed', 'open', 'lost', 'won']),
        amount: Money,
        reason: z.string(),
        createdAt: z.string(),
      }),
    )
    .optional(),
});
export type PaymentView = z.infer<typeof PaymentView>;

export const openCheckout = operation({
  id: 'openCheckout',
  tag,
  service,
  summary: 'Go and pay: opens (or re-opens) the payment page',
  method: 'GET',
  path: '/payments/checkout/:orderId',
  access: 'anyone',
  query: CheckoutQuery,
  responses: { 303: 'redirect' },
  problems: ['gone'],
});
export const returnFromCheckout = operation({
  id: 'returnFromCheckout',
  tag,
  service,
  summary: 'Where the payment page sends the buyer back to: a small page that says how the payment stands',
  method: 'GET',
  path: '/payments/checkout/:orderId/return',
  access: 'anyone',
  query: ReturnQuery,
  responses: { 200: 'file' },
  files: ['text/html'],
});
export const receiveWebhook = operation({
  id: 'receiveWebhook',
  tag,
  service,
  summary: "Stripe's webhook (raw body, Stripe-Signature)",
  method: 'POST',
  path: '/payments/webhooks',
  access: 'anyone',
  rawBody: 1024 * 1024,
  responses: { 200: z.object({ received: z.literal(true) }) },
  problems: ['bad-signature'],
});
export const getPayment = operation({
  id: 'getPayment',
  tag,
  service,
  summary: 'What was charged and given back (the buyer; owners and organizers, who are shown disputes, too)',
  method: 'GET',
  path: '/payments/orders/:orderId',
  access: 'person',
  scopes: ['orders:read'],
  responses: { 200: PaymentView },
});
