import { Injectable } from '@nestjs/common';
import { orderConfirmed } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import type { ConfirmedHow } from '../order.js';
import { toLines, type OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { TicketStore, type NewTicket } from '../ticket.store.js';

/** A payment that buys an order, and the ids that what follows from it is to bear, if it is one of a group. */
export interface BuyingPayment {
  paymentId: string;
  correlationId?: string;
  traceparent?: string;
}

/** The one way in which an order is confirmed: state, tickets and message in the open transaction. Its stock is held already. */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly outbox: Outbox,
  ) {}

  confirm(order: OrderRow, how: ConfirmedHow, payment: BuyingPayment | null): Promise<void> {
    return this.confirmAll([order], how, payment && new Map([[order.id, payment]]));
  }

  /**
   * Orders of the open tenant: three statements, however many they are.
   * @param payments by order; null when no money came through us
   */
  async confirmAll(
    orders: readonly OrderRow[],
    how: ConfirmedHow,
    payments: ReadonlyMap<string, BuyingPayment> | null,
  ): Promise<void> {
    if (orders.length === 0) return;
    await this.orders.confirmAll(
      orders.map(({ id }) => ({ id, paymentId: payments?.get(id)?.paymentId ?? null })),
      how,
    );
    const issued = orders.map((order) => ({ order, tickets: ticketsOf(order) }));
    await this.tickets.issue(issued.flatMap(({ tickets }) => tickets));
    await this.outbox.addAll(
      orderConfirmed,
      issued.map(({ order, tickets }) => ({
        tenantId: order.tenantId,
        data: confirmationOf(order, how, tickets),
        correlationId: payments?.get(order.id)?.correlationId,
        traceparent: payments?.get(order.id)?.traceparent,
      })),
    );
  }
}

const ticketsOf = (order: OrderRow): NewTicket[] =>
  order.items.flatMap(({ ticketTypeId, unitPrice, quantity }) =>
    Array.from({ length: quantity }, () => ({
      id: uuid(),
      orderId: order.id,
      eventId: order.event.id,
      ticketTypeId,
      holderId: order.buyer.id,
      unitPrice,
    })),
  );

/** What the mail with these tickets is made of. */
export const confirmationOf = (order: OrderRow, how: ConfirmedHow, tickets: readonly { id: string }[]) => ({
  orderId: order.id,
  event: order.event,
  buyer: order.buyer,
  items: toLines(order),
  total: order.total,
  how,
  ticketIds: tickets.map(({ id }) => id),
});
