import { Injectable } from '@nestjs/common';
import type { Buyer } from '@app/contracts';
import { Database } from '@app/persistence';
import type { RefundableTicket } from './refund.js';

export interface NewTicket {
  id: string;
  orderId: string;
  eventId: string;
  ticketTypeId: string;
  holderId: string;
  unitPrice: number;
}

/** Tickets as their orders issue them and take them back, inside the open transaction of the order's tenant. */
@Injectable()
export class TicketStore {
  constructor(private readonly database: Database) {}

  /** Tickets of orders of the open tenant, in one statement; frozen if the payment that bought them is disputed already. */
  async issue(tickets: readonly NewTicket[]): Promise<void> {
    const transaction = this.database.current();
    await transaction.query(
      `insert into tickets (tenant_id, id, order_id, event_id, ticket_type_id, holder_id, unit_price, status)
       select $1, issued.*, case when exists (
           select from disputes join orders using (tenant_id, payment_id)
           where disputes.order_id = issued.order_id and orders.id = issued.order_id and disputes.status <> 'won'
         ) then 'frozen' else 'valid' end
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[])
         as issued (id, order_id, event_id, ticket_type_id, holder_id, unit_price)`,
      [
        transaction.tenantId,
        tickets.map((ticket) => ticket.id),
        tickets.map((ticket) => ticket.orderId),
        tickets.map((ticket) => ticket.eventId),
        tickets.map((ticket) => ticket.ticketTypeId),
        tickets.map((ticket) => ticket.holderId),
        tickets.map((ticket) => ticket.unitPrice),
      ],
      'issue-tickets',
    );
  }

  async orderOf(ticketId: string): Promise<string | undefined> {
    const [ticket] = await this.database
      .current()
      .query<{ order_id: string }>('select order_id from tickets where id = $1', [ticketId]);
    return ticket?.order_id;
  }

  /** The order's tickets, locked: nobody enters with them while they are being given back. */
  async lockOf(orderId: string): Promise<RefundableTicket[]> {
    return (await this.lockOfAll([orderId])).get(orderId) ?? [];
  }

  /** By order. */
  async lockOfAll(orderIds: readonly string[]): Promise<Map<string, RefundableTicket[]>> {
    const locked = await this.database.current().query<RefundableTicket & { orderId: string }>(
      `select t.order_id as "orderId", t.id, t.ticket_type_id as "ticketTypeId", t.status, t.unit_price as "unitPrice",
         t.refund_id is not null as repaid, t.holder_id <> o.user_id as transferred
       from tickets t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
       where t.order_id = any($1) order by t.order_id, t.id for no key update of t`,
      [orderIds],
    );
    const tickets = new Map<string, RefundableTicket[]>();
    for (const { orderId, ...ticket } of locked) tickets.set(orderId, [...(tickets.get(orderId) ?? []), ticket]);
    return tickets;
  }

  /** The payment of the order is disputed: its tickets admit nobody for now. Who has entered stays in. */
  async freezeOf(orderId: string): Promise<void> {
    await this.restate(orderId, 'valid', 'frozen');
  }

  /** The dispute is won: the tickets admit again, with the codes that they had. */
  async thawOf(orderId: string): Promise<void> {
    await this.restate(orderId, 'frozen', 'valid');
  }

  /** The price of used tickets goes back; they stay used. */
  async repay(tickets: readonly { id: string; refundId: string }[]): Promise<void> {
    if (tickets.length === 0) return;
    await this.database.current().execute(
      `update tickets set refund_id = back.refund_id
       from unnest($1::uuid[], $2::uuid[]) as back (id, refund_id) where tickets.id = back.id`,
      [tickets.map(({ id }) => id), tickets.map(({ refundId }) => refundId)],
    );
  }

  /** Makes tickets void and notes on the lines of their orders how many came back; one that was up for resale came back before. */
  /** Who holds them, by ticket. */
  async holdersOf(ticketIds: readonly string[]): Promise<Map<string, Buyer>> {
    if (ticketIds.length === 0) return new Map();
    const rows = await this.database
      .current()
      .query<Buyer & { ticketId: string }>(
        `select t.id as "ticketId", u.id, u.name, u.email from tickets t join users u on u.id = t.holder_id where t.id = any($1)`,
        [ticketIds],
      );
    return new Map(rows.map(({ ticketId, ...holder }) => [ticketId, holder]));
  }

  /** Makes tickets void and notes on the lines of their orders how many came back. */
  async void(tickets: readonly { id: string; refundId: string | null }[]): Promise<void> {
    await this.database.current().execute(
      `with gone as (
         update tickets set status = 'void', refund_id = coalesce(tickets.refund_id, back.refund_id), holder_version = tickets.holder_version + 1
         from unnest($1::uuid[], $2::uuid[]) as back (id, refund_id) join tickets was on was.id = back.id
         where tickets.id = back.id
         returning tickets.tenant_id, tickets.order_id, tickets.ticket_type_id, was.status as was
       ), counted as (
         select tenant_id, order_id, ticket_type_id, count(*)::int as back from gone where was <> 'listed' group by 1, 2, 3
       )
       update order_items set returned = returned + counted.back from counted
       where order_items.tenant_id = counted.tenant_id and order_items.order_id = counted.order_id
         and order_items.ticket_type_id = counted.ticket_type_id`,
      [tickets.map(({ id }) => id), tickets.map(({ refundId }) => refundId)],
    );
  }
  private async restate(
    orderId: string,
    from: RefundableTicket['status'],
    to: RefundableTicket['status'],
  ): Promise<void> {
    await this.database
      .current()
      .execute('update tickets set status = $3 where order_id = $1 and status = $2', [orderId, from, to]);
  }
}
