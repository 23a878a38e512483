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
}

export const REFUND_COLUMNS =
  'id, tenant_id, order_id, payment_id, amount, currency, status, correlation_id, provider_refund_id';

export const toRefund = (row: RefundRow): Refund => ({
  id: row.id,
  tenantId: row.tenant_id,
  orderId: row.order_id,
  paymentId: row.payment_id,
  amount: { amount: row.amount, currency: row.currency },
  status: row.status,
  correlationId: row.correlation_id,
  providerRefundId: row.provider_refund_id,
});
