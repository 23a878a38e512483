import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStore } from '../order.store.js';

/** How often holds are looked at, in milliseconds. */
const EVERY = 1_000;
/** Holds that one look ends at most. */
const BATCH = 200;
/** Seconds that a hold with an open checkout session waits for payment-service's word after its end (saga, "End of a hold"). */
const GRACE = 20;

interface Due {
  id: string;
  tenant_id: string;
}

/**
 * Ends holds whose time is over, by the database's clock. Every replica may run it: the order is locked and judged again
 * before it ends. A hold that cannot be ended does not keep the others waiting.
 */
@Injectable()
export class ExpireOrders implements BeforeApplicationShutdown {
  private readonly log = new Logger(ExpireOrders.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly ending: EndOrder,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** One look; true when more may be due at once. */
  async look(): Promise<boolean> {
    const due = await this.due();
    let ended = 0;
    for (const { id, tenant_id: tenantId } of due) {
      try {
        await this.database.asTenant(tenantId, () => this.expire(id));
        ended += 1;
      } catch (error) {
        this.log.error(`The hold of order ${id} could not be ended; the next look tries again`, error);
      }
    }
    return due.length === BATCH && ended > 0;
  }

  private due(): Promise<Due[]> {
    return this.database.asJob((transaction) =>
      transaction.query<Due>(
        `select id, tenant_id from orders
         where status = 'pending' and expires_at <= now() and (payment_opened_at is null or expires_at <= now() - make_interval(secs => $1))
         order by expires_at limit $2`,
        [GRACE, BATCH],
      ),
    );
  }

  private async expire(orderId: string): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (order?.status === 'pending' && order.holdEnded)
      await this.ending.letGo(order, { status: 'expired', reason: 'hold-expired' });
  }
}
