import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { inHalves } from '@app/grouping';
import { Database, OneAtATime } from '@app/persistence';
import { NIL } from 'uuid';
import { EndOrder, type Returned } from '../end-order/end-order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { decideRefund } from '../refund.js';
import { TicketStore } from '../ticket.store.js';

const EVERY = 1_000;
/** Orders of one event that one look ends at most: those who hear of it are to keep up. */
const BATCH = 100;

interface CancelledEvent {
  id: string;
  tenant_id: string;
}

/**
 * Ends every hold of a cancelled event and refunds every order, many together. What is left to do stands in the orders
 * themselves, so a crash at any point is resumed by the next look. An order that cannot be ended does not keep the others
 * waiting; its event stays on the list.
 */
@Injectable()
export class EndOrdersOfCancelledEvents implements BeforeApplicationShutdown {
  private readonly log = new Logger(EndOrdersOfCancelledEvents.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);
  /** By event: the order at which the next look goes on. Nothing depends on it but how soon all are seen. */
  private readonly passed = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly ending: EndOrder,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** One look; never asks for another at once, so that those who hear of it keep up. */
  async look(batch = BATCH): Promise<boolean> {
    for (const event of await this.unfinished()) await this.sweep(event, batch);
    return false;
  }

  private unfinished(): Promise<CancelledEvent[]> {
    return this.database.asJob((transaction) =>
      transaction.query<CancelledEvent>(
        `select id, tenant_id from events where status = 'cancelled' and orders_ended_at is null order by random() limit 20`,
      ),
    );
  }

  private async sweep({ id, tenant_id: tenantId }: CancelledEvent, batch: number): Promise<void> {
    const after = this.passed.get(id);
    const open = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ id: string; status: string }>(
        `select id, status from orders where event_id = $1 and status in ('pending', 'confirmed') and id > $2 order by id limit $3`,
        [id, after ?? NIL, batch],
      ),
    );
    const last = open[batch - 1];
    if (last) this.passed.set(id, last.id);
    else this.passed.delete(id);
    const withStatus = (wanted: string) => open.filter(({ status }) => status === wanted).map((order) => order.id);
    await this.end(tenantId, withStatus('pending'), (some) => this.letGo(some));
    await this.end(tenantId, withStatus('confirmed'), (some) => this.giveBack(some));
    // No order can join those that are open once the event is cancelled: none in one whole round, none ever.
    if (open.length === 0 && after === undefined)
      await this.database.asTenant(tenantId, (transaction) =>
        transaction.execute(`update events set orders_ended_at = now() where id = $1`, [id]),
      );
  }

  private async end(
    tenantId: string,
    orderIds: readonly string[],
    work: (orders: readonly OrderRow[]) => Promise<void>,
  ): Promise<void> {
    const outcomes = await inHalves<string, void>(orderIds, (some) =>
      this.database.asTenant(tenantId, async () => {
        await work(await this.orders.lockAll(some));
        return some.map(() => ({ value: undefined }));
      }),
    );
    for (const [index, outcome] of outcomes.entries())
      if ('error' in outcome)
        this.log.error(
          `Order ${orderIds[index]} of a cancelled event could not be ended; a later look tries again`,
          outcome.error,
        );
  }

  private async letGo(orders: readonly OrderRow[]): Promise<void> {
    const holds = orders.filter(({ status }) => status === 'pending');
    await this.ending.letGoAll(
      holds.map((order) => ({ order, reason: 'event-cancelled' })),
      'cancelled',
    );
  }

  private async giveBack(orders: readonly OrderRow[]): Promise<void> {
    const confirmed = orders.filter(({ status }) => status === 'confirmed');
    const tickets = await this.tickets.lockOfAll(confirmed.map(({ id }) => id));
    const returns: Returned[] = [];
    const others: OrderRow[] = [];
    for (const order of confirmed) {
      const wish = { ticketIds: undefined, by: 'event-cancelled', override: false, closed: false } as const;
      const decision = decideRefund(tickets.get(order.id) ?? [], wish);
      if (!decision.granted) others.push(order);
      else {
        const given = { amount: decision.amount, whole: true, reason: 'event-cancelled' } as const;
        returns.push({ order, tickets: decision.tickets, kept: [], given });
      }
    }
    await this.orders.endAll(
      others.map(({ id }) => ({ id, reason: 'event-cancelled' })),
      'confirmed',
      'refunded',
    );
    await this.ending.giveBackAll(returns);
  }
}
