import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { inHalves, type Outcome } from '@app/grouping';
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
 * Ends holds whose time is over, by the database's clock, those of a tenant together. Every replica may run it: orders
 * are locked and judged again before they end. A hold that cannot be ended does not keep the others waiting.
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
    const tenants = new Map<string, string[]>();
    for (const { id, tenant_id: tenantId } of due) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), id]);
    let ended = 0;
    for (const [tenantId, ids] of tenants) {
      const outcomes = await inHalves(ids, (some) => this.database.asTenant(tenantId, () => this.expire(some)));
      for (const [index, outcome] of outcomes.entries()) {
        if ('value' in outcome) ended += 1;
        else
          this.log.error(
            `The hold of order ${ids[index]} could not be ended; the next look tries again`,
            outcome.error,
          );
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

  private async expire(orderIds: readonly string[]): Promise<Outcome<void>[]> {
    const orders = await this.orders.lockAll(orderIds);
    const over = orders.filter(({ status, holdEnded }) => status === 'pending' && holdEnded);
    await this.ending.letGoAll(
      over.map((order) => ({ order, reason: 'hold-expired' })),
      'expired',
    );
    return orderIds.map(() => ({ value: undefined }));
  }
}
