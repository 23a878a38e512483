import { Inject, Injectable } from '@nestjs/common';
import type { Lease } from '@app/caching';
import type { Order } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { CONFIG, type Config } from '../../config.js';
import { SoldOut } from '../../sold-out/sold-out.module.js';
import type { Holdings } from '../allocation.js';
import { ConfirmOrder } from '../confirm-order/confirm-order.js';
import type { Outcome } from '@app/grouping';
import type { Answer } from '@app/idempotency';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { StockStore } from '../stock.store.js';
import { HoldTickets, toHold } from './hold-tickets.js';
import { judge, refuse, soldOutAfter } from './judge.js';
import { KeyedPlacings, NOTHING, type Placed } from './keyed-placings.js';
import type { Placing } from './placing.js';
import { SaleStore, type Sale } from './sale.store.js';

/**
 * Places the orders of a group, which are all for one event: stock, orders, lines, messages and recorded answers commit
 * together, or nothing does. About ten statements in four round trips, however many orders it are.
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
    private readonly holding: HoldTickets,
    private readonly confirming: ConfirmOrder,
    private readonly view: OrderView,
    private readonly soldOut: SoldOut,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @returns what became of each, in their order; @throws when nothing was done */
  place(eventId: string, placings: readonly Placing[]): Promise<Outcome<Answer<Order>>[]> {
    const [{ tenantId }] = placings as [Placing];
    const lease = this.soldOut.lease(eventId);
    return this.database.asTenant(
      tenantId,
      () => this.keyed.answer(tenantId, placings, (fresh) => this.placeFresh(lease, fresh)),
      { userIds: [...new Set(placings.map(({ buyer }) => buyer.id))] },
    );
  }

  /** What asks for nothing but what is sold out is refused without a look at the stock. */
  private async placeFresh(lease: Lease, placings: readonly Placing[]): Promise<Placed> {
    const soldOut = this.soldOut.of(lease.key);
    const gone = new Set(soldOut.map(({ ticketTypeId }) => ticketTypeId));
    const refused = refuse(
      placings.filter(({ wish }) => wish.items.every(({ ticketTypeId }) => gone.has(ticketTypeId))),
      soldOut,
    );
    const rest = placings.filter((placing) => !refused.has(placing));
    const placed = rest.length > 0 ? await this.sell(lease, rest) : NOTHING;
    const outcomes = new Map(rest.map((placing, index) => [placing, placed.outcomes[index]]));
    return { ...placed, outcomes: inOrder(placings, refused, outcomes) };
  }

  private async sell(lease: Lease, placings: readonly Placing[]): Promise<Placed> {
    const [{ tenantId }] = placings as [Placing];
    const { holdSeconds } = this.config;
    const { sale, stock, holdings } = await this.readSale(lease.key, placings);
    const strangers = await this.strangersTo(sale, placings);
    const isStranger = ({ buyer }: Placing) => strangers.has(buyer.id);
    const { refused, taken } = judge(
      placings.filter((placing) => !isStranger(placing)),
      stock,
      holdings,
    );
    for (const placing of placings.filter(isStranger)) refused.set(placing, notFound('The event'));
    const accepted = new Map(
      placings
        .filter((placing) => !refused.has(placing))
        .map((placing) => [placing, toHold(placing, sale, holdSeconds)]),
    );
    const written = this.holding.write(tenantId, sale, accepted, holdSeconds);
    const views = await this.viewsOf(accepted, written);
    this.soldOut.found(lease, soldOutAfter(taken, stock));
    const outcomes = new Map([...views].map(([placing, value]) => [placing, { value }]));
    return { outcomes: inOrder(placings, refused, outcomes), written };
  }

  /** Locks the counters, and reads in the same round trip all that these orders are judged by. */
  private async readSale(eventId: string, placings: readonly Placing[]) {
    const { maxHoldsPerBuyer } = this.config;
    const buyerIds = [...new Set(placings.map(({ buyer }) => buyer.id))];
    const [counters, sale, holds] = await Promise.all([
      this.stock.lockCounters(eventId),
      this.sales.read(eventId),
      maxHoldsPerBuyer > 0 ? this.sales.holds(eventId, buyerIds) : undefined,
    ]);
    const isLimited = sale.types.some(({ maxPerBuyer }) => maxPerBuyer !== null);
    const units = isLimited ? await this.sales.units(eventId, buyerIds) : undefined;
    return {
      sale,
      stock: {
        ...{ counters, types: sale.types, maxHoldsPerBuyer },
        ...{ isCancelled: sale.isCancelled, isSuspended: sale.isSuspended },
      },
      holdings: (buyerId: string): Holdings => ({
        buyerId,
        holds: holds?.get(buyerId) ?? 0,
        units: units?.get(buyerId) ?? new Map<string, number>(),
      }),
    };
  }

  /** Buyers who may not know of a draft: only members of its organization may. */
  private async strangersTo(sale: Sale, placings: readonly Placing[]): Promise<Set<string>> {
    const strangers = new Set<string>();
    if (sale.isPublic) return strangers;
    for (const buyerId of new Set(placings.map(({ buyer }) => buyer.id)))
      if (!(await this.access.locate('event', sale.event.id, buyerId))?.role) strangers.add(buyerId);
    return strangers;
  }

  /** What costs nothing is confirmed at once and has its tickets; the rest is as it is being written. */
  private async viewsOf(
    accepted: ReadonlyMap<Placing, OrderRow>,
    written: Promise<void>,
  ): Promise<Map<Placing, Order>> {
    const free = [...accepted.values()].filter(({ total }) => total.amount === 0);
    const views = new Map<string, Order>();
    if (free.length > 0) {
      await written;
      await this.confirming.confirmAll(free, 'free', null);
      const confirmed = await this.orders.findAll(free.map(({ id }) => id));
      for (const view of await this.view.of(confirmed)) views.set(view.id, view);
    }
    return new Map(
      [...accepted].map(([placing, order]) => [placing, views.get(order.id) ?? this.view.toOrder(order, [])]),
    );
  }
}

const inOrder = (
  placings: readonly Placing[],
  refused: ReadonlyMap<Placing, Error>,
  others: ReadonlyMap<Placing, Outcome<Order> | undefined>,
): Outcome<Order>[] =>
  placings.map((placing) => {
    const error = refused.get(placing);
    return error ? { error } : (others.get(placing) ?? { error: new Error('Every order has an outcome.') });
  });
