import { z } from 'zod';
import { Id, Money, page, PageQuery, Person, text } from './fields.js';
import { operation } from './operation.js';

const tag = 'payments';
const service = 'payment-service';

/**
 * `failed`: the provider has given no money back and will not by itself. `settled`: a person has paid it back otherwise.
 * `paid-twice`: the provider did give it back, after a person had.
 */
const RefundStatus = z.enum(['pending', 'succeeded', 'failed', 'settled', 'paid-twice']);

export const RefundsQuery = PageQuery.extend({
  /** `pending` and `succeeded`: those that a person has had tried again. */
  status: RefundStatus.default('failed'),
  organizationId: Id.optional(),
});
export type RefundsQuery = z.infer<typeof RefundsQuery>;

/**
 * `reason`: why the money is owed. `failure`: why it did not move. `since`: when it came to this status. Of a settlement
 * `providerRefunds` are the refunds in the provider's dashboard that it was made by, for `covered` of its amount; the rest
 * was paid back otherwise.
 */
export const RefundCase = z.object({
  id: Id,
  organizationId: Id,
  orderId: Id,
  paymentId: Id,
  amount: Money,
  status: RefundStatus,
  reason: z.string(),
  failure: z.string().nullable(),
  since: z.string(),
  settlement: z
    .object({
      by: Person,
      note: z.string(),
      at: z.string(),
      providerRefunds: z.array(z.string()),
      covered: Money,
    })
    .nullable(),
});
export type RefundCase = z.infer<typeof RefundCase>;

/**
 * `providerRefunds`: ids of refunds of the same payment that somebody has made in the provider's dashboard and that nothing
 * told apart from money given back besides. They cover the refund; what they leave open is `paidOtherwise`. Without them all
 * of it was paid otherwise.
 */
export const SettleRefund = z.strictObject({
  note: text(500),
  providerRefunds: z
    .array(z.string().regex(/^(re|pyr)_\w{1,250}$/, "is the id of a refund at the provider, such as 're_…'"))
    .min(1)
    .max(10)
    .optional(),
  paidOtherwise: Money.optional(),
});
export type SettleRefund = z.infer<typeof SettleRefund>;

export const listRefunds = operation({
  id: 'listRefunds',
  tag,
  service,
  summary: 'Refunds that wait for a person, newest first (organizers, own organizations)',
  method: 'GET',
  path: '/mgmt/refunds',
  access: 'person',
  scopes: ['orders:read'],
  query: RefundsQuery,
  responses: { 200: page(RefundCase) },
  problems: ['forbidden'],
});
export const retryRefund = operation({
  id: 'retryRefund',
  tag,
  service,
  summary: 'Ask the provider once more for a refund that failed',
  method: 'POST',
  path: '/mgmt/refunds/:refundId/retry',
  access: 'person',
  scopes: ['orders:write'],
  responses: { 202: RefundCase },
  problems: ['refund-not-failed', 'nothing-to-refund', 'payment-disputed'],
  idempotent: true,
});
export const settleRefund = operation({
  id: 'settleRefund',
  tag,
  service,
  summary: 'Note that a refund that failed was paid back otherwise',
  method: 'POST',
  path: '/mgmt/refunds/:refundId/settle',
  access: 'person',
  scopes: ['orders:write'],
  body: SettleRefund,
  responses: { 200: RefundCase },
  problems: ['refund-not-failed', 'nothing-to-refund', 'payment-disputed', 'settlement-differs'],
  idempotent: true,
});
