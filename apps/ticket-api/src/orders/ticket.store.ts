import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { RefundableTicket } from './refund.js';

/** Tickets as their orders issue them and take them back, inside the open transaction of the order's tenant. */
@Injectable()
export class TicketStore {
  constructor(private readonly database: Database) {}

  async issue(
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
  lockOf(orderId: string): Promise<RefundableTicket[]> {
    return this.database
      .current()
      .query<RefundableTicket>(
        `select id, ticket_type_id as "ticketTypeId", status, unit_price as "unitPrice" from tickets where order_id = $1 order by id for no key update`,
        [orderId],
      );
  }

  /** Makes tickets void and notes on the order's lines how many came back. */
  async void(orderId: string, ticketIds: string[], refundId: string | null): Promise<void> {
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
}
