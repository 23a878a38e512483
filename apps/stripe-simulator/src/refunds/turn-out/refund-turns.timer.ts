import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AccountDatabase } from '../../database/account-database.js';
import type { RefundRow, RefundTurn } from '../refund.js';
import { RefundTurns } from './refund-turns.js';

const AT_ONCE = 100;

/** Refunds turn out as they are to when their time has come. */
@Injectable()
export class RefundTurnsTimer {
  private readonly log = new Logger('RefundTurns');
  private running = false;

  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(RefundTurns) private readonly turns: RefundTurns,
  ) {}

  @Interval(1_000)
  async tick(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      while ((await this.takeSome()) === AT_ONCE);
    } catch (error) {
      this.log.error(`Refunds stay as they are: ${(error as Error).message}`);
    } finally {
      this.running = false;
    }
  }

  private takeSome(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const due = await transaction.query<RefundRow>(
        `select * from refund where turns_at <= unix_now()
         order by turns_at, seq limit ${AT_ONCE} for no key update skip locked`,
      );
      for (const refund of due) await this.turns.take(transaction, refund, refund.turn as RefundTurn);
      return due.length;
    });
  }
}
