import { Injectable } from '@nestjs/common';
import { orderReserved } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import { toLines, type OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { StockStore, unitsOf } from '../stock.store.js';
import { totalOf } from './judge.js';
import type { Placing } from './placing.js';
import type { Sale } from './sale.store.js';

/** What a pending order is made of: the wish, whose it is, and the ids that what follows from it is to bear. */
export type HeldFor = Pick<Placing, 'tenantId' | 'buyer' | 'wish' | 'context'>;

/** Writes the orders that were accepted, in the open transaction; the counters are locked. */
@Injectable()
export class HoldTickets {
  constructor(
    private readonly orders: OrderStore,
    private readonly stock: StockStore,
    private readonly outbox: Outbox,
  ) {}

  /** Orders, their messages and the stock that they take, in one round trip. */
  async write(
    tenantId: string,
    { currency, event }: Sale,
    accepted: ReadonlyMap<HeldFor, OrderRow>,
    holdSeconds: number,
  ): Promise<void> {
    if (accepted.size === 0) return;
    const orders = [...accepted.values()];
    const owed = [...accepted].filter(([, { total }]) => total.amount > 0);
    await Promise.all([
      this.orders.insertAll({ tenantId, eventId: event.id, currency, holdSeconds }, orders),
      this.outbox.addAll(
        orderReserved,
        owed.map(([{ context }, order]) => ({
          tenantId,
          data: {
            orderId: order.id,
            event,
            buyer: order.buyer,
            items: toLines(order),
            total: order.total,
            expiresAt: order.expiresAt.toISOString(),
          },
          correlationId: context?.correlationId,
          traceparent: context?.traceparent,
        })),
      ),
      this.stock.take(unitsOf(orders.flatMap(({ items }) => items))),
    ]);
  }
}

/** The order as it is being written. Every line has a type. */
export function toHold({ tenantId, buyer, wish }: HeldFor, sale: Sale, holdSeconds: number): OrderRow {
  const types = new Map(sale.types.map((type) => [type.ticketTypeId, type]));
  const items = wish.items.map(({ ticketTypeId, quantity }) => {
    const type = types.get(ticketTypeId);
    if (!type) throw new Error('An accepted line has a type.');
    return { ticketTypeId, quantity, counterId: type.counterId, name: type.name, unitPrice: type.price, returned: 0 };
  });
  return {
    id: uuid(),
    tenantId,
    buyer,
    items,
    total: { amount: totalOf(wish, sale.types), currency: sale.currency },
    createdAt: sale.now,
    updatedAt: sale.now,
    expiresAt: new Date(sale.now.getTime() + holdSeconds * 1000),
    status: 'pending',
    confirmedHow: null,
    paymentId: null,
    reason: null,
    refunded: 0,
    refundPending: 0,
    holdEnded: false,
    event: { ...sale.event, status: 'published', refundsClosed: false },
  };
}
