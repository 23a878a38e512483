import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { RefundableTicket } from './refund.js';

export interface NewTicket {
  id: string;
  orderId: string;
  ticketTypeId: string;
  holderId: string;
  unitPrice: number;
}

/** Tickets as their orders issue them and take them back, inside the open transaction of the order's tenant. */
@Injectable()
export class TicketStore {
  constructor(private readonly database: Database) {}

  /** Tickets of one event's orders, in one statement. */
  async issue(tenantId: string, eventId: string, tickets: readonly NewTicket[]): Promise<void> {
    await this.database.current().execute(
      `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
       select t.id, $1, t.order_id, $2, t.type, t.holder, t.price
       from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[]) as t (id, order_id, type, holder, price)`,
      [
        tenantId,
        eventId,
        tickets.map((ticket) => ticket.id),
        tickets.map((ticket) => ticket.orderId),
        tickets.map((ticket) => ticket.ticketTypeId),
        tickets.map((ticket) => ticket.holderId),
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
