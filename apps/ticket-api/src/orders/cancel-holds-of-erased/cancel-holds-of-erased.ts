import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { EndHolds, type DueHold } from '../end-order/end-holds.js';

const EVERY = 5_000;
const BATCH = 200;

/** Holds of people who have had their account erased are let go: nobody is left to pay for them. */
@Injectable()
export class CancelHoldsOfErased implements BeforeApplicationShutdown {
  private readonly log = new Logger(CancelHoldsOfErased.name);
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
    const due = await this.database.asJob((transaction) =>
      transaction.query<DueHold>(
        `select o.id, o.tenant_id from users u join orders o on o.user_id = u.id
         where u.erased_at > now() - interval '1 day' and o.status = 'pending' order by o.tenant_id limit $1`,
        [BATCH],
      ),
    );
    const ended = await this.holds.end(due, { status: 'cancelled', reason: 'buyer', isDue: () => true });
    return due.length === BATCH && ended > 0;
  }
}
