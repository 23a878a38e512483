import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ticketListingEnded } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database, OneAtATime } from '@app/persistence';
import {
  EndOrder,
  OrderStore,
  StockStore,
  TicketStore,
  type OrderRow,
  type RefundableTicket,
  type Returned,
} from '../../orders/orders.module.js';
import { factsOf } from '../listing-view.js';
import { ListingStore, type DueListing } from '../listing.store.js';
import { settle } from '../settlement.js';

const EVERY = 1_000;
/** Counters that one look settles at most. */
const COUNTERS = 20;
/** Listings of each that one look settles at most, from either end. */
const BATCH = 50;

interface DueCounter {
  id: string;
  tenant_id: string;
  event_id: string;
}

/**
 * Pays the sellers whose units somebody else has paid for, and gives tickets back that nobody bought in time. What is due stands in
 * the rows: more is paid and listed than there is. So the sale and the seller's refund are one saga without a message between
 * them, a confirmation costs nothing more, and a crash at any point is resumed by the next look. Every replica may do it.
 */
@Injectable()
export class SettleListings implements BeforeApplicationShutdown {
  private readonly log = new Logger(SettleListings.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly listings: ListingStore,
    private readonly stock: StockStore,
    private readonly ending: EndOrder,
    private readonly outbox: Outbox,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** One look; true when more may be due at once. One counter that cannot be settled does not keep the others waiting. */
  async look(batch = BATCH): Promise<boolean> {
    const due = await this.database.asJob((transaction) => transaction.query<DueCounter>(DUE, [COUNTERS]));
    let isMore = false;
    for (const counter of due) {
      const work = () => this.settleCounter(counter, batch);
      const settled = await this.database.asTenant(counter.tenant_id, work).catch((error: unknown) => {
        this.log.error(`The listings of counter ${counter.id} could not be settled; the next look tries again`, error);
        return 0;
      });
      isMore ||= settled >= batch;
    }
    return isMore;
  }

  /** Orders before tickets before counters, as everywhere. @returns how many were settled */
  private async settleCounter({ id, tenant_id: tenantId, event_id: eventId }: DueCounter, batch: number) {
    const found = await this.listings.dueOf(id, batch);
    const orders = new Map<string, OrderRow>();
    for (const order of await this.orders.lockAll([...new Set(found.map(({ orderId }) => orderId))]))
      orders.set(order.id, order);
    const tickets = await this.tickets.lockOfAll([...orders.keys()]);
    await this.stock.lockCounters(eventId);
    const listings = (await this.listings.dueOf(id, batch)).filter(({ orderId }) => orders.has(orderId));
    const { sold, returned } = settle(await this.listings.stockOf(id), listings);
    await this.returnToSellers(tenantId, id, returned, orders);
    await this.paySellers(sold, orders, tickets);
    return sold.length + returned.length;
  }

  private async returnToSellers(
    tenantId: string,
    counterId: string,
    returned: readonly DueListing[],
    orders: ReadonlyMap<string, OrderRow>,
  ): Promise<void> {
    if (returned.length === 0) return;
    await this.listings.giveBack(
      returned.map(({ id }) => id),
      'returned',
    );
    await this.outbox.addAll(
      ticketListingEnded,
      returned.map((listing) => ({
        tenantId,
        data: { ...factsOf(orders.get(listing.orderId)!, listing), reason: listing.over ?? 'unsold' },
      })),
    );
    await this.stock.take(new Map([[counterId, returned.length]]));
  }

  /** As any refund: once, to the cent, at what was paid for the ticket. */
  private async paySellers(
    sold: readonly DueListing[],
    orders: ReadonlyMap<string, OrderRow>,
    tickets: ReadonlyMap<string, RefundableTicket[]>,
  ): Promise<void> {
    if (sold.length === 0) return;
    await this.listings.sold(sold.map(({ id }) => id));
    const gone = new Set(sold.map(({ ticketId }) => ticketId));
    const returns: Returned[] = [];
    for (const orderId of new Set(sold.map((listing) => listing.orderId))) {
      const all = tickets.get(orderId) ?? [];
      const back = all.filter(({ id }) => gone.has(id));
      const amount = back.reduce((sum, { unitPrice }) => sum + unitPrice, 0);
      const whole = all.every(({ id, status }) => status === 'void' || gone.has(id));
      returns.push({
        order: orders.get(orderId)!,
        tickets: back,
        kept: [],
        given: { amount, whole, reason: 'resold' },
      });
    }
    await this.ending.giveBackAll(returns);
  }
}

/** Counters of which more is taken and listed than there is, and those with a listing that goes back and a unit for it. */
const DUE = `
  select c.id, c.tenant_id, c.event_id
  from listings l
  join stock_counters c on c.tenant_id = l.tenant_id and c.id = l.counter_id
  join ticket_types t on t.tenant_id = l.tenant_id and t.id = l.ticket_type_id
  join events e on e.tenant_id = l.tenant_id and e.id = l.event_id
  where l.status = 'listed' and e.status <> 'cancelled'
  group by c.id, c.tenant_id, c.event_id, c.taken, c.capacity
  having c.taken + count(*) > c.capacity
    or c.taken < c.capacity and bool_or(e.starts_at <= now() or t.sales_end_at <= now() or t.price < l.price)
  order by random() limit $1`;
