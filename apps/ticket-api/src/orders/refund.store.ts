import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

export interface NewRefund {
  id: string;
  tenantId: string;
  orderId: string;
  /** The payment whose money bought nothing; null for tickets that were given back. */
  paymentId: string | null;
  amount: number;
  reason: string;
  /** `succeeded` when no money moves through us. */
  status: 'pending' | 'succeeded';
}

/** What is owed back for an order, inside the open transaction of the order's tenant; the order is locked. */
@Injectable()
export class RefundStore {
  constructor(private readonly database: Database) {}

  /** Records a refund; false when this payment's money is on its way back already. */
  async add(refund: NewRefund): Promise<boolean> {
    const added = await this.database.current().execute(
      `insert into refunds (id, tenant_id, order_id, payment_id, amount, reason, status) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, payment_id) where payment_id is not null do nothing`,
      [refund.id, refund.tenantId, refund.orderId, refund.paymentId, refund.amount, refund.reason, refund.status],
    );
    if (added === 1) {
      const column = refund.status === 'pending' ? 'refund_pending' : 'refunded';
      await this.database
        .current()
        .execute(`update orders set ${column} = ${column} + $2, updated_at = now() where id = $1`, [
          refund.orderId,
          refund.amount,
        ]);
    }
    return added === 1;
  }

  /** Minor units of the order's own payment that are back or on their way. What bought nothing is no part of it. */
  async givenBack(orderId: string): Promise<number> {
    const [sum] = await this.database
      .current()
      .query<{ amount: string }>(
        'select coalesce(sum(amount), 0) as amount from refunds where order_id = $1 and payment_id is null',
        [orderId],
      );
    return Number(sum?.amount);
  }

  async isKnown(refundId: string): Promise<boolean> {
    const known = await this.database.current().query('select from refunds where id = $1', [refundId]);
    return known.length > 0;
  }

  /** The money has moved: pending becomes refunded, once. */
  async succeeded(orderId: string, refundId: string): Promise<void> {
    await this.database.current().execute(
      `with moved as (update refunds set status = 'succeeded' where id = $2 and order_id = $1 and status <> 'succeeded' returning amount)
       update orders set refunded = refunded + moved.amount, refund_pending = refund_pending - moved.amount, updated_at = now() from moved where orders.id = $1`,
      [orderId, refundId],
    );
  }

  /** The provider refused, perhaps after it had said that the money moved: it stays owed until a person acts. */
  async failed(orderId: string, refundId: string): Promise<void> {
    await this.database.current().execute(
      `with was as (select amount, status from refunds where id = $2 and order_id = $1 and status <> 'failed' for update),
            failed as (update refunds set status = 'failed' where id = $2 and order_id = $1 and status <> 'failed')
       update orders set refunded = refunded - was.amount, refund_pending = refund_pending + was.amount, updated_at = now()
       from was where orders.id = $1 and was.status = 'succeeded'`,
      [orderId, refundId],
    );
  }
}
