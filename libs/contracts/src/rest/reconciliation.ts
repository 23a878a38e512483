import { z } from 'zod';
import { Id, Money, page, PageQuery, text } from './fields.js';
import { operation } from './operation.js';

export const ReconciliationQuery = PageQuery.extend({
  organizationId: Id.optional(),
  status: z.enum(['open', 'repaired']).optional(),
});
export type ReconciliationQuery = z.infer<typeof ReconciliationQuery>;

/** `subject`: the provider's id of what differs. `booked`: what the books had of it before any repair. */
export const DifferenceView = z.object({
  id: Id,
  organizationId: Id,
  kind: z.enum([
    'unknown-payment',
    'unpaid-here',
    'refund-unknown',
    'refund-differs',
    'dispute-differs',
    'amount-differs',
    'not-at-provider',
    'unreadable',
  ]),
  status: z.enum(['open', 'repaired']),
  subject: z.string(),
  orderId: Id.nullable(),
  paymentId: Id.nullable(),
  refundId: Id.nullable(),
  atProvider: Money.nullable(),
  booked: Money.nullable(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  repairedAt: z.string().nullable(),
  repair: z.enum(['provider-news', 'found-equal', 'by-a-person']).nullable(),
});
export type DifferenceView = z.infer<typeof DifferenceView>;

/** `runs`: when open payments and the ledger were last compared with the provider's, the ledger from when until when. */
export const ReconciliationPage = page(DifferenceView).extend({
  runs: z.array(
    z.object({
      kind: z.enum(['pending', 'ledger']),
      from: z.string().nullable(),
      to: z.string().nullable(),
      finishedAt: z.string(),
    }),
  ),
});
export type ReconciliationPage = z.infer<typeof ReconciliationPage>;

export const getReconciliation = operation({
  id: 'getReconciliation',
  tag: 'payments',
  service: 'payment-service',
  summary: 'Where our books and the payment provider differ, and what was repaired (organizers, own organizations)',
  method: 'GET',
  path: '/mgmt/reconciliation',
  access: 'person',
  scopes: ['orders:read'],
  query: ReconciliationQuery,
  responses: { 200: ReconciliationPage },
  problems: ['forbidden'],
});

const tag = 'administration';
const service = 'payment-service';

/** A difference that belongs to no organization, as the platform's administrators see it. */
export const UnclaimedDifference = DifferenceView.omit({
  organizationId: true,
  orderId: true,
  paymentId: true,
  refundId: true,
}).extend({ settlement: z.object({ by: Id, note: z.string() }).nullable() });
export type UnclaimedDifference = z.infer<typeof UnclaimedDifference>;

export const UnclaimedQuery = ReconciliationQuery.omit({ organizationId: true });
export type UnclaimedQuery = z.infer<typeof UnclaimedQuery>;

export const SettleDifference = z.strictObject({ note: text(500) });
export type SettleDifference = z.infer<typeof SettleDifference>;

export const listUnclaimedDifferences = operation({
  id: 'listUnclaimedDifferences',
  tag,
  service,
  summary:
    'Where the payment provider has money that belongs to no organization of ours, newest first: what is open, and what was repaired or settled in the last 30 days',
  method: 'GET',
  path: '/admin/reconciliation',
  access: 'admin',
  query: UnclaimedQuery,
  responses: { 200: page(UnclaimedDifference) },
});
export const settleDifference = operation({
  id: 'settleDifference',
  tag,
  service,
  summary: 'Note what became of a difference that belongs to no organization. It is closed for good; no money moves',
  method: 'POST',
  path: '/admin/reconciliation/:differenceId/settle',
  access: 'admin',
  body: SettleDifference,
  responses: { 200: UnclaimedDifference },
  problems: ['difference-not-open'],
});
