import type { Money } from '@app/contracts';
import type { RefundStatus } from './refund.js';

export type RefundOrigin = 'tickets-returned' | 'unfulfillable' | 'provider';

export interface Refund {
  id: string;
  tenantId: string;
  orderId: string;
  paymentId: string;
  amount: Money;
  status: RefundStatus;
  correlationId: string;
  providerRefundId: string | null;
  /** How often a person has taken it up. */
  round: number;
  /** The provider's ids of earlier tries, which failed for good. */
  spentProviderIds: string[];
  /** What the person says who has paid it back otherwise. */
  note: string | null;
  /** Minor units of it that refunds made in the provider's dashboard are. */
  covered: number;
  /** The provider's ids of those. */
  coveredBy: string[];
  /** What of `covered` was so before the provider was asked, which is asked for the rest only. */
  lessened: number;
}

export interface RefundRow {
  id: string;
  tenant_id: string;
  order_id: string;
  payment_id: string;
  amount: number;
  currency: string;
  status: RefundStatus;
  correlation_id: string;
  provider_refund_id: string | null;
  round: number;
  spent_provider_ids: string[];
  note: string | null;
  covered: number;
  covered_by: string[];
  lessened: number;
}

export const REFUND_COLUMNS =
  'id, tenant_id, order_id, payment_id, amount, currency, status, correlation_id, provider_refund_id, round, spent_provider_ids, note, covered, covered_by, lessened';

export const toRefund = (row: RefundRow): Refund => ({
  id: row.id,
  tenantId: row.tenant_id,
  orderId: row.order_id,
  paymentId: row.payment_id,
  amount: { amount: row.amount, currency: row.currency },
  status: row.status,
  correlationId: row.correlation_id,
  providerRefundId: row.provider_refund_id,
  round: row.round,
  spentProviderIds: row.spent_provider_ids,
  note: row.note,
  covered: row.covered,
  coveredBy: row.covered_by,
  lessened: row.lessened,
});

/** What a payment puts aside for it: the rest is put aside for those that cover it. */
export const asideFor = ({ amount, covered }: Pick<Refund, 'amount' | 'covered'>): Money => ({
  ...amount,
  amount: amount.amount - covered,
});

/** What the provider has to move. */
export const restOf = ({ amount, lessened }: Pick<Refund, 'amount' | 'lessened'>): Money => ({
  ...amount,
  amount: amount.amount - lessened,
});
