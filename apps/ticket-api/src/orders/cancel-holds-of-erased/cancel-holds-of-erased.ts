import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStore } from '../order.store.js';

const EVERY = 5_000;
const BATCH = 200;

/** Holds of people who have had their account erased are let go: nobody is left to pay for them. */
@Injectable()
export class CancelHoldsOfErased implements BeforeApplicationShutdown {
  private readonly log = new Logger(CancelHoldsOfErased.name);
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
    const due = await this.database.asJob((transaction) =>
      transaction.query<{ id: string; tenant_id: string }>(
        `select o.id, o.tenant_id from users u join orders o on o.user_id = u.id
         where u.erased_at > now() - interval '1 day' and o.status = 'pending' order by o.tenant_id limit $1`,
        [BATCH],
      ),
    );
    const tenants = new Map<string, string[]>();
    for (const { id, tenant_id: tenantId } of due) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), id]);
    for (const [tenantId, ids] of tenants)
      await this.database.asTenant(tenantId, async () => {
        const holds = (await this.orders.lockAll(ids)).filter(({ status }) => status === 'pending');
        await this.ending.letGoAll(
          holds.map((order) => ({ order, reason: 'buyer' })),
          'cancelled',
        );
      });
    return due.length === BATCH;
  }
}
