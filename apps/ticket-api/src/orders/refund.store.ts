import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { RefundableTicket } from './refund.js';

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

/** What is owed back for an order, and its tickets, inside the open transaction of the order's tenant. */
@Injectable()
export class RefundStore {
  constructor(private readonly database: Database) {}

  async issueTickets(
    order: { id: string; tenantId: string; eventId: string; holderId: string },
    tickets: { id: string; ticketTypeId: string; unitPrice: number }[],
  ) {
    await this.database.current().execute(
      `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
       select t.id, $1, $2, $3, t.type, $4, t.price from unnest($5::uuid[], $6::uuid[], $7::bigint[]) as t (id, type, price)`,
      [
        order.tenantId,
        order.id,
        order.eventId,
        order.holderId,
        tickets.map((ticket) => ticket.id),
        tickets.map((ticket) => ticket.ticketTypeId),
        tickets.map((ticket) => ticket.unitPrice),
      ],
    );
  }

  async orderOf(ticketId: string): Promise<string | undefined> {
    const [ticket] = await this.database
      .current()
      .query<{ order_id: string }>('select order_id from tickets where id = $1', [ticketId]);
    return ticket?.order_id;
  }

  /** The order's tickets, locked: nobody enters with them while they are being given back. */
  lockTickets(orderId: string): Promise<RefundableTicket[]> {
    return this.database
      .current()
      .query<RefundableTicket>(
        `select id, ticket_type_id as "ticketTypeId", status, unit_price as "unitPrice" from tickets where order_id = $1 order by id for no key update`,
        [orderId],
      );
  }

  /** Makes tickets void and notes on the order's lines how many came back. */
  async voidTickets(orderId: string, ticketIds: string[], refundId: string | null): Promise<void> {
    await this.database.current().execute(
      `with gone as (
         update tickets set status = 'void', refund_id = $3, holder_version = holder_version + 1
         where order_id = $1 and id = any($2) returning tenant_id, ticket_type_id
       ), counted as (select tenant_id, ticket_type_id, count(*)::int as back from gone group by 1, 2)
       update order_items set returned = returned + counted.back from counted
       where order_items.tenant_id = counted.tenant_id and order_items.order_id = $1 and order_items.ticket_type_id = counted.ticket_type_id`,
      [orderId, ticketIds, refundId],
    );
  }

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

  /** The money has moved: pending becomes refunded, once. */
  async succeeded(orderId: string, refundId: string): Promise<void> {
    await this.database.current().execute(
      `with moved as (update refunds set status = 'succeeded' where id = $2 and order_id = $1 and status <> 'succeeded' returning amount)
       update orders set refunded = refunded + moved.amount, refund_pending = refund_pending - moved.amount, updated_at = now() from moved where orders.id = $1`,
      [orderId, refundId],
    );
  }

  /** The provider refused: the money stays owed (`refundPending`) until a person acts. */
  async failed(orderId: string, refundId: string): Promise<void> {
    await this.database
      .current()
      .execute(`update refunds set status = 'failed' where id = $2 and order_id = $1 and status = 'pending'`, [
        orderId,
        refundId,
      ]);
  }
}
