import type { Money } from '@app/contracts';
import type { SessionParameters } from '../stripe/stripe.module.js';
import type { PaymentStatus } from './payment.js';

export interface Payment {
  id: string;
  tenantId: string;
  orderId: string;
  userId: string;
  status: PaymentStatus;
  owed: Money;
  /** What the provider says was paid. */
  paid: Money | null;
  /** Given back or on its way, in the currency of `paid`. */
  refundedTotal: number;
  /** Ties all that follows from the order together. */
  correlationId: string;
  idempotencyKey: string;
  /** As the provider was first asked: a repetition has to be the same to the letter. */
  parameters: SessionParameters;
  sessionId: string | null;
  sessionUrl: string | null;
  paymentIntent: string | null;
}

export interface PaymentRow {
  id: string;
  tenant_id: string;
  order_id: string;
  user_id: string;
  status: PaymentStatus;
  amount: number;
  currency: string;
  paid: number;
  paid_currency: string | null;
  refunded_total: number;
  correlation_id: string;
  idempotency_key: string;
  parameters: SessionParameters;
  session_id: string | null;
  session_url: string | null;
  payment_intent: string | null;
}

export const PAYMENT_COLUMNS = `id, tenant_id, order_id, user_id, status, amount, currency, paid, paid_currency, refunded_total,
  correlation_id, idempotency_key, parameters, session_id, session_url, payment_intent`;

export const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  tenantId: row.tenant_id,
  orderId: row.order_id,
  userId: row.user_id,
  status: row.status,
  owed: { amount: row.amount, currency: row.currency },
  paid: row.paid_currency === null ? null : { amount: row.paid, currency: row.paid_currency },
  refundedTotal: row.refunded_total,
  correlationId: row.correlation_id,
  idempotencyKey: row.idempotency_key,
  parameters: row.parameters,
  sessionId: row.session_id,
  sessionUrl: row.session_url,
  paymentIntent: row.payment_intent,
});
