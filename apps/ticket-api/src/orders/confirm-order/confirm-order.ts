import { Injectable } from '@nestjs/common';
import { orderConfirmed } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import type { ConfirmedHow } from '../order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { TicketStore } from '../ticket.store.js';

/** The one way in which an order is confirmed: state, tickets and message in the open transaction. Its stock is held already. */
@Injectable()
export class ConfirmOrder {
  constructor(
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly outbox: Outbox,
  ) {}

  async confirm(order: OrderRow, how: ConfirmedHow, paymentId: string | null): Promise<void> {
    await this.orders.confirm(order.id, how, paymentId);
    const tickets = order.items.flatMap((item) =>
      Array.from({ length: item.quantity }, () => ({
        id: uuid(),
        ticketTypeId: item.ticketTypeId,
        unitPrice: item.unitPrice,
      })),
    );
    await this.tickets.issue(
      { id: order.id, tenantId: order.tenantId, eventId: order.event.id, holderId: order.buyer.id },
      tickets,
    );
    const { currency } = order.total;
    await this.outbox.add(orderConfirmed, {
      tenantId: order.tenantId,
      data: {
        orderId: order.id,
        event: order.event,
        buyer: order.buyer,
        items: order.items.map(({ ticketTypeId, name, quantity, unitPrice }) => ({
          ticketTypeId,
          name,
          quantity,
          unitPrice: { amount: unitPrice, currency },
        })),
        total: order.total,
        how,
        ticketIds: tickets.map((ticket) => ticket.id),
      },
    });
  }
}
