import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AccountDatabase } from '../../database/account-database.js';
import type { CheckoutSession } from '../checkout-session.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';

const AT_ONCE = 100;

/** Sessions end by themselves at `expires_at`. Several processes may run it: each passes what another has locked. */
@Injectable()
export class OverdueSessionsTimer {
  private readonly log = new Logger('OverdueSessions');
  private running = false;

  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
  ) {}

  @Interval(1_000)
  async tick(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while ((await this.expireSome()) === AT_ONCE);
    } catch (error) {
      this.log.error(`Overdue sessions stay open: ${(error as Error).message}`);
    } finally {
      this.running = false;
    }
  }

  private expireSome(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const overdue = await transaction.query<CheckoutSession>(
        `select * from checkout_session where status = 'open' and expires_at <= unix_now()
         order by expires_at limit ${AT_ONCE} for no key update skip locked`,
      );
      for (const session of overdue) await this.sessions.expire(transaction, session);
      return overdue.length;
    });
  }
}
