import { Inject, Injectable } from '@nestjs/common';
import { waitingListOffered } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { CONFIG, type Config } from '../../config.js';
import {
  checkoutLink,
  ConfirmOrder,
  HoldTickets,
  OrderStore,
  SaleStore,
  StockStore,
  toHold,
  toLines,
  type Counter,
  type HeldFor,
  type OrderRow,
  type Sale,
} from '../../orders/orders.module.js';
import { WaitingListStore, type Freed, type InLine } from '../waiting-list.store.js';
import { mayHave } from './may-have.js';

/** The event whose counters are locked. */
export interface Stall {
  tenantId: string;
  sale: Sale;
  counters: readonly Counter[];
}

/**
 * Places an order for each whose turn it is, as if they had ordered: with its own time to pay in, and with a mail that says
 * where. Who may not have it (any more) waits no longer. What costs nothing needs no answer: it is theirs at once.
 */
@Injectable()
export class PlaceOffers {
  constructor(
    private readonly list: WaitingListStore,
    private readonly sales: SaleStore,
    private readonly stock: StockStore,
    private readonly holding: HoldTickets,
    private readonly orders: OrderStore,
    private readonly confirming: ConfirmOrder,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @returns true: the line has moved on */
  async place({ tenantId, sale, counters }: Stall, turns: readonly InLine[]): Promise<boolean> {
    const buyerIds = [...new Set(turns.map(({ buyer }) => buyer.id))];
    const units = await this.sales.units(sale.event.id, buyerIds);
    const { granted, refused } = mayHave(turns, { counters, types: sale.types, units });
    const awaited: Freed = await this.list.end(
      refused.map(({ id }) => id),
      'ended',
      'limit-exceeded',
    );
    const orders = new Map<HeldFor, OrderRow>();
    const offered: { id: string; orderId: string }[] = [];
    for (const { id, buyer, ticketTypeId, quantity } of granted) {
      const wish = { eventId: sale.event.id, items: [{ ticketTypeId, quantity }] };
      const held: HeldFor = { tenantId, buyer, wish, context: undefined };
      const order = toHold(held, sale, this.config.waitingListHoldSeconds);
      orders.set(held, order);
      offered.push({ id, orderId: order.id });
    }
    await this.holding.write(tenantId, sale, orders, this.config.waitingListHoldSeconds);
    awaited.push(...(await this.list.offered(offered)));
    await this.tell(tenantId, [...orders.values()], offered);
    const sums = new Map<string, number>();
    for (const { counterId, units: freed } of awaited) sums.set(counterId, (sums.get(counterId) ?? 0) - freed);
    await this.stock.await(sale.event.id, sums);
    return true;
  }

  private async tell(
    tenantId: string,
    orders: readonly OrderRow[],
    offered: readonly { id: string; orderId: string }[],
  ) {
    const entries = new Map(offered.map(({ id, orderId }) => [orderId, id]));
    const free = orders.filter(({ total }) => total.amount === 0);
    await this.confirming.confirmAll(await this.orders.lockAll(free.map(({ id }) => id)), 'free', null);
    const { publicUrl, checkoutLinkSecret: secret } = this.config;
    await this.outbox.addAll(
      waitingListOffered,
      orders
        .filter(({ total }) => total.amount > 0)
        .map((order) => ({
          tenantId,
          data: {
            entryId: entries.get(order.id)!,
            orderId: order.id,
            event: order.event,
            buyer: order.buyer,
            items: toLines(order),
            total: order.total,
            expiresAt: order.expiresAt.toISOString(),
            checkoutUrl: checkoutLink(order.id, { publicUrl, secret }),
          },
        })),
    );
  }
}
