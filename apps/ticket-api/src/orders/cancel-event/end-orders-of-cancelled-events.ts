import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { inHalves, type Outcome } from '@app/grouping';
import { Database, OneAtATime } from '@app/persistence';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStore } from '../order.store.js';
import { decideRefund } from '../refund.js';
import { TicketStore } from '../ticket.store.js';

const EVERY = 1_000;
/** Orders that one look ends at most: payment-service and the provider are to keep up. */
const BATCH = 100;

interface CancelledEvent {
  id: string;
  tenant_id: string;
}

/**
 * Ends every hold of a cancelled event, many together, and refunds every order, each in its own transaction. What is left to do stands in the orders
 * themselves, so a crash at any point is resumed by the next look. An order that cannot be ended does not keep the others
 * waiting; its event stays on the list.
 */
@Injectable()
export class EndOrdersOfCancelledEvents implements BeforeApplicationShutdown {
  private readonly log = new Logger(EndOrdersOfCancelledEvents.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

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

  /** One look; never asks for another at once, so that payment-service and the provider keep up. */
  async look(): Promise<boolean> {
    for (const event of await this.unfinished()) await this.sweep(event);
    return false;
  }

  private unfinished(): Promise<CancelledEvent[]> {
    return this.database.asJob((transaction) =>
      transaction.query<CancelledEvent>(
        `select id, tenant_id from events where status = 'cancelled' and orders_ended_at is null order by random() limit 20`,
      ),
    );
  }

  private async sweep({ id, tenant_id: tenantId }: CancelledEvent): Promise<void> {
    const open = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ id: string; status: string }>(
        `select id, status from orders where event_id = $1 and status in ('pending', 'confirmed') order by random() limit $2`,
        [id, BATCH],
      ),
    );
    const holds = open.filter(({ status }) => status === 'pending').map((order) => order.id);
    const outcomes = await inHalves(holds, (some) => this.database.asTenant(tenantId, () => this.letGo(some)));
    for (const [index, outcome] of outcomes.entries())
      if ('error' in outcome) this.complain(holds[index], outcome.error);
    for (const { id: orderId } of open.filter(({ status }) => status === 'confirmed'))
      await this.database
        .asTenant(tenantId, () => this.giveBack(orderId))
        .catch((error: unknown) => this.complain(orderId, error));
    if (open.length === 0)
      await this.database.asTenant(tenantId, (transaction) =>
        transaction.execute(`update events set orders_ended_at = now() where id = $1`, [id]),
      );
  }

  private complain(orderId: string | undefined, error: unknown): void {
    this.log.error(`Order ${orderId} of a cancelled event could not be ended; a later look tries again`, error);
  }

  private async letGo(orderIds: readonly string[]): Promise<Outcome<void>[]> {
    const orders = await this.orders.lockAll(orderIds);
    const holds = orders.filter(({ status }) => status === 'pending');
    await this.ending.letGoAll(holds, { status: 'cancelled', reason: 'event-cancelled' });
    return orderIds.map(() => ({ value: undefined }));
  }

  private async giveBack(orderId: string): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (order?.status !== 'confirmed') return;
    const tickets = await this.tickets.lockOf(orderId);
    const decision = decideRefund(tickets, { ticketIds: undefined, by: 'event-cancelled', closed: false });
    // Tickets whose payment is disputed are left to the dispute; nothing else of the order remains.
    if (!decision.granted)
      return this.orders.endAll([orderId], 'confirmed', { status: 'refunded', reason: 'event-cancelled' });
    await this.ending.giveBack(order, decision.tickets, {
      amount: decision.amount,
      whole: true,
      reason: 'event-cancelled',
    });
  }
}
