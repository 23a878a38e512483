import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { EndHolds, type DueHold } from '../end-order/end-holds.js';

/** How often holds are looked at, in milliseconds. */
const EVERY = 1_000;
/** Holds that one look ends at most. */
const BATCH = 200;
/** Seconds that a hold with an open checkout session waits for payment-service's word after its end (saga, "End of a hold"). */
const GRACE = 20;

/** Ends holds whose time is over, by the database's clock. Every replica may run it. */
@Injectable()
export class ExpireOrders implements BeforeApplicationShutdown {
  private readonly log = new Logger(ExpireOrders.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly holds: EndHolds,
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
    const ended = await this.holds.end(due, {
      status: 'expired',
      reason: 'hold-expired',
      isDue: ({ holdEnded }) => holdEnded,
    });
    return due.length === BATCH && ended > 0;
  }

  private due(): Promise<DueHold[]> {
    return this.database.asJob((transaction) =>
      transaction.query<DueHold>(
        `select id, tenant_id from orders
         where status = 'pending' and expires_at <= now() and (payment_opened_at is null or expires_at <= now() - make_interval(secs => $1))
         order by expires_at limit $2`,
        [GRACE, BATCH],
      ),
    );
  }
}
