import { Injectable } from '@nestjs/common';
import { orderConfirmed } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import type { ConfirmedHow } from '../order.js';
import { toLines, type OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { TicketStore, type NewTicket } from '../ticket.store.js';

/** The one way in which an order is confirmed: state, tickets and message in the open transaction. Its stock is held already. */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly outbox: Outbox,
  ) {}

  confirm(order: OrderRow, how: ConfirmedHow, paymentId: string | null): Promise<void> {
    return this.confirmAll([order], how, paymentId);
  }

  /** Orders of one event. */
  async confirmAll(orders: readonly OrderRow[], how: ConfirmedHow, paymentId: string | null): Promise<void> {
    const [{ tenantId, event }] = orders as [OrderRow];
    await this.orders.confirmAll(
      orders.map(({ id }) => id),
      how,
      paymentId,
    );
    const issued = orders.map((order) => ({ order, tickets: ticketsOf(order) }));
    await this.tickets.issue(
      tenantId,
      event.id,
      issued.flatMap(({ tickets }) => tickets),
    );
    await this.outbox.addAll(
      orderConfirmed,
      issued.map(({ order, tickets }) => ({ tenantId, data: toMessage(order, how, tickets) })),
    );
  }
}

const ticketsOf = (order: OrderRow): NewTicket[] =>
  order.items.flatMap(({ ticketTypeId, unitPrice, quantity }) =>
    Array.from({ length: quantity }, () => ({
      id: uuid(),
      orderId: order.id,
      ticketTypeId,
      holderId: order.buyer.id,
      unitPrice,
    })),
  );

const toMessage = (order: OrderRow, how: ConfirmedHow, tickets: readonly NewTicket[]) => ({
  orderId: order.id,
  event: order.event,
  buyer: order.buyer,
  items: toLines(order),
  total: order.total,
  how,
  ticketIds: tickets.map(({ id }) => id),
});
