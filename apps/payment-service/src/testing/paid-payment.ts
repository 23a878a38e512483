import type { TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';

export interface PaidPayment {
  tenantId: string;
  orderId: string;
  paymentId: string;
  userId: string;
  currency: string;
}

/** A payment that succeeded, written by the database's owner. `putAside`: what of it may go back already; minor units. */
export async function addPaidPayment(
  db: TestDatabase,
  { tenantId = uuid(), paid = 9000, putAside = 0, currency = 'EUR' } = {},
): Promise<PaidPayment> {
  const [orderId, paymentId, userId] = [uuid(), uuid(), uuid()];
  await db.asOwner('insert into owed_orders (tenant_id, order_id, closed_at) values ($1, $2, now())', [
    tenantId,
    orderId,
  ]);
  await db.asOwner(
    `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key, parameters,
       payment_intent, paid, paid_currency, refunded_total, close_due_at)
     values ($1::uuid, $2, $3, $4, 'succeeded', $5, $6, 'c', $1::text, '{}', 'pi_' || $1::text, $5, $6, $7, now())`,
    [paymentId, tenantId, orderId, userId, paid, currency, putAside],
  );
  return { tenantId, orderId, paymentId, userId, currency };
}

/** A pending refund of it, as an SQL statement with its parameters, for whichever login. */
export const newRefund = (
  { tenantId, orderId, paymentId, userId, currency }: PaidPayment,
  amount: number,
): [string, unknown[]] => [
  `insert into refunds (id, tenant_id, order_id, payment_id, user_id, origin, reason, amount, currency, correlation_id)
   values ($1, $2, $3, $4, $5, 'tickets-returned', 'refund', $6, $7, 'c')`,
  [uuid(), tenantId, orderId, paymentId, userId, amount, currency],
];
