import { Inject, Injectable } from '@nestjs/common';
import { orderReserved, type Order, type PlaceOrder } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { CONFIG, type Config } from '../../config.js';
import { allocate } from '../allocation.js';
import { ConfirmOrder } from '../confirm-order/confirm-order.js';
import type { Outcome } from '@app/grouping';
import type { Answer } from '../../idempotency/idempotency.module.js';
import { toLines, type OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { StockStore, unitsOf } from '../stock.store.js';
import { KeyedPlacings } from './keyed-placings.js';
import type { Placing } from './placing.js';
import { MAX_TOTAL, refusal, totalTooHigh } from './refusal.js';
import { SaleStore, type Sale } from './sale.store.js';

/**
 * Places the orders of a group, which are all for one event: stock, orders, lines, messages and recorded answers commit
 * together, or nothing does. About ten statements, however many orders it are.
 */
@Injectable()
export class PlaceOrders {
  constructor(
    private readonly database: Database,
    private readonly keyed: KeyedPlacings,
    private readonly access: ResourceAccess,
    private readonly stock: StockStore,
    private readonly sales: SaleStore,
    private readonly orders: OrderStore,
    private readonly confirming: ConfirmOrder,
    private readonly view: OrderView,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @returns what became of each, in their order; @throws when nothing was done */
  place(eventId: string, placings: readonly Placing[]): Promise<Outcome<Answer<Order>>[]> {
    const [{ tenantId }] = placings as [Placing];
    return this.database.asTenant(
      tenantId,
      () => this.keyed.answer(tenantId, placings, (fresh) => this.placeFresh(tenantId, eventId, fresh)),
      { userIds: [...new Set(placings.map(({ buyer }) => buyer.id))] },
    );
  }

  private async placeFresh(tenantId: string, eventId: string, placings: readonly Placing[]): Promise<Outcome<Order>[]> {
    const counters = await this.stock.lockCounters(eventId);
    const sale = await this.sales.read(eventId);
    const outcomes = new Map<Placing, Outcome<Order>>();
    const strangers = await this.strangersTo(sale, placings);
    for (const placing of placings) {
      if (strangers.has(placing.buyer.id)) outcomes.set(placing, { error: notFound('The event') });
      else if (totalOf(placing.wish, sale) > MAX_TOTAL) outcomes.set(placing, { error: totalTooHigh() });
    }
    const judged = placings.filter((placing) => !outcomes.has(placing));
    const buyers = await this.sales.holdings(
      eventId,
      judged.map(({ buyer }) => buyer.id),
    );
    const allocations = allocate(
      judged.map(({ buyer: { id }, wish }) => ({
        holdings: buyers.get(id) ?? { buyerId: id, holds: 0, units: new Map() },
        lines: wish.items,
      })),
      { counters, types: sale.types, maxHoldsPerBuyer: this.config.maxHoldsPerBuyer },
    );
    const accepted = new Map<Placing, OrderRow>();
    for (const [index, placing] of judged.entries()) {
      const allocation = allocations[index];
      if (allocation?.accepted) accepted.set(placing, this.toHold(placing, sale));
      else outcomes.set(placing, { error: refusal(allocation, sale) });
    }
    if (accepted.size > 0) {
      await this.hold(tenantId, sale, accepted);
      for (const [placing, view] of await this.viewsOf(accepted)) outcomes.set(placing, { value: view });
      await this.stock.take(unitsOf([...accepted.values()].flatMap(({ items }) => items)));
    }
    return placings.map((placing) => outcomes.get(placing) ?? { error: new Error('Every order has an outcome.') });
  }

  /** Buyers who may not know of a draft: only members of its organization may. */
  private async strangersTo(sale: Sale, placings: readonly Placing[]): Promise<Set<string>> {
    const strangers = new Set<string>();
    if (sale.isPublic) return strangers;
    for (const buyerId of new Set(placings.map(({ buyer }) => buyer.id)))
      if (!(await this.access.locate('event', sale.event.id, buyerId))?.role) strangers.add(buyerId);
    return strangers;
  }

  private async hold(tenantId: string, sale: Sale, accepted: ReadonlyMap<Placing, OrderRow>): Promise<void> {
    const { currency, event } = sale;
    const { holdSeconds } = this.config;
    const orders = [...accepted.values()];
    await this.orders.insertAll({ tenantId, eventId: event.id, currency, holdSeconds }, orders);
    const owed = [...accepted].filter(([, { total }]) => total.amount > 0);
    await this.outbox.addAll(
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
    );
    const free = orders.filter(({ total }) => total.amount === 0);
    if (free.length > 0) await this.confirming.confirmAll(free, 'free', null);
  }

  /** What costs nothing is confirmed at once and has its tickets; the rest is as it was written. */
  private async viewsOf(accepted: ReadonlyMap<Placing, OrderRow>): Promise<Map<Placing, Order>> {
    const free = [...accepted.values()].filter(({ total }) => total.amount === 0).map(({ id }) => id);
    const confirmed = free.length === 0 ? [] : await this.view.of(await this.orders.findAll(free));
    const views = new Map(confirmed.map((view) => [view.id, view]));
    return new Map(
      [...accepted].map(([placing, order]) => [placing, views.get(order.id) ?? this.view.toOrder(order, [])]),
    );
  }

  private toHold({ tenantId, buyer, wish }: Placing, sale: Sale): OrderRow {
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
      total: { amount: totalOf(wish, sale), currency: sale.currency },
      createdAt: sale.now,
      updatedAt: sale.now,
      expiresAt: new Date(sale.now.getTime() + this.config.holdSeconds * 1000),
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
}

/** Of the types that exist; a line of another type is refused anyway. */
function totalOf(wish: PlaceOrder, { types }: Sale): number {
  const prices = new Map(types.map(({ ticketTypeId, price }) => [ticketTypeId, price]));
  return wish.items.reduce((sum, { ticketTypeId, quantity }) => sum + quantity * (prices.get(ticketTypeId) ?? 0), 0);
}
