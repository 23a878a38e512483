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
  /** The provider's ids of the refunds that it was settled by. */
  coveredBy: string[];
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
  covered_by: string[];
}

export const REFUND_COLUMNS =
  'id, tenant_id, order_id, payment_id, amount, currency, status, correlation_id, provider_refund_id, round, spent_provider_ids, note, covered_by';

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
  coveredBy: row.covered_by,
});
