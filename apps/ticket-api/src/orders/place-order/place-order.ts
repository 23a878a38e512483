import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { orderReserved, type Order, type PlaceOrder } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { CONFIG, type Config } from '../../config.js';
import { allocate } from '../allocation.js';
import { ConfirmOrder } from '../confirm-order/confirm-order.js';
import { RepeatableRequests, type Answer } from '../idempotency/repeatable-requests.js';
import type { RequestKey } from '../idempotency/request-key.js';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { StockStore } from '../stock.store.js';
import { MAX_TOTAL, refusal, totalTooHigh } from './refusal.js';
import { SaleStore, type Sale } from './sale.store.js';

export class PlaceOrderCommand {
  constructor(
    readonly buyer: { id: string; name: string; email: string },
    readonly wish: PlaceOrder,
    readonly key: RequestKey | undefined,
  ) {}
}

/** Holds tickets: stock, order, lines and message commit together, or nothing does. */
@CommandHandler(PlaceOrderCommand)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrderCommand> {
  constructor(
    private readonly database: Database,
    private readonly repeatable: RepeatableRequests,
    private readonly stock: StockStore,
    private readonly sales: SaleStore,
    private readonly orders: OrderStore,
    private readonly confirming: ConfirmOrder,
    private readonly view: OrderView,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ buyer, wish, key }: PlaceOrderCommand): Promise<Answer<Order>> {
    const event = await this.sales.locate(wish.eventId, buyer.id);
    if (!event) throw notFound('The event');
    return this.repeatable.answer({ tenantId: event.tenantId, callerId: buyer.id, key, status: 201 }, () =>
      this.place(event.tenantId, buyer, wish),
    );
  }

  private async place(tenantId: string, buyer: PlaceOrderCommand['buyer'], wish: PlaceOrder): Promise<Order> {
    const counters = await this.stock.lockCounters(wish.eventId);
    const sale = await this.sales.read(wish.eventId, buyer.id);
    const stock = { counters, types: sale.types, maxHoldsPerBuyer: this.config.maxHoldsPerBuyer };
    const [outcome] = allocate([{ holdings: { buyerId: buyer.id, ...sale.holdings }, lines: wish.items }], stock);
    if (!outcome?.accepted) throw refusal(outcome, sale);

    const order = await this.hold(tenantId, buyer, wish, sale);
    if (order.total.amount === 0) {
      await this.stock.take(outcome.taken);
      await this.confirming.confirm(order, 'free', null);
      return this.view.ofOne((await this.orders.find(order.id)) as OrderRow);
    }
    await this.outbox.add(orderReserved, {
      tenantId,
      data: {
        orderId: order.id,
        event: sale.event,
        buyer,
        items: order.items.map(({ ticketTypeId, name, quantity, unitPrice }) => ({
          ticketTypeId,
          name,
          quantity,
          unitPrice: { amount: unitPrice, currency: sale.currency },
        })),
        total: order.total,
        expiresAt: order.expiresAt.toISOString(),
      },
    });
    // Last: every other buyer waits for these rows.
    await this.stock.take(outcome.taken);
    return this.view.toOrder(order, []);
  }

  private async hold(
    tenantId: string,
    buyer: PlaceOrderCommand['buyer'],
    wish: PlaceOrder,
    sale: Sale,
  ): Promise<OrderRow> {
    const types = new Map(sale.types.map((type) => [type.ticketTypeId, type]));
    const items = wish.items.map(({ ticketTypeId, quantity }) => {
      const type = types.get(ticketTypeId);
      if (!type) throw new Error('An accepted line has a type.');
      return { ticketTypeId, quantity, counterId: type.counterId, name: type.name, unitPrice: type.price, returned: 0 };
    });
    const total = {
      amount: items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0),
      currency: sale.currency,
    };
    if (total.amount > MAX_TOTAL) throw totalTooHigh();
    const id = uuid();
    const holdSeconds = this.config.holdSeconds;
    const { createdAt, expiresAt } = await this.orders.insert({
      id,
      tenantId,
      eventId: wish.eventId,
      userId: buyer.id,
      total,
      holdSeconds,
      items,
    });
    return {
      id,
      tenantId,
      buyer,
      total,
      items,
      createdAt,
      expiresAt,
      status: 'pending',
      confirmedHow: null,
      paymentId: null,
      reason: null,
      refunded: 0,
      refundPending: 0,
      holdEnded: false,
      updatedAt: createdAt,
      event: { ...sale.event, status: 'published', refundsClosed: false },
    };
  }
}
