import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '@app/persistence';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStore } from '../order.store.js';

/** How often holds are looked at, in milliseconds. */
const EVERY = 1_000;
/** Holds that one look ends at most. */
const BATCH = 200;
/** Seconds that a hold with an open checkout session waits for payment-service's word after its end (saga, "End of a hold"). */
const GRACE = 20;

/** Ends holds whose time is over, by the database's clock. Every replica may run it: a row that another has locked is skipped. */
@Injectable()
export class ExpireOrders {
  private readonly log = new Logger('ExpireOrders');
  private running = false;

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly ending: EndOrder,
  ) {}

  @Interval(EVERY)
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (const { id, tenant_id } of await this.due()) await this.database.asTenant(tenant_id, () => this.expire(id));
    } catch (error) {
      this.log.warn(`Holds wait for the next look: ${String(error)}`);
    } finally {
      this.running = false;
    }
  }

  private due(): Promise<{ id: string; tenant_id: string }[]> {
    return this.database.asJob((transaction) =>
      transaction.query(
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
