import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '@app/persistence';

const HOUR = 3_600_000;

/** Answers are kept for at least a day (contract), then forgotten. */
@Injectable()
export class ForgetKeys {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Interval(HOUR)
  async run(): Promise<void> {
    await this.database.asJob((transaction) =>
      transaction.execute(`delete from idempotency_keys where created_at < now() - interval '48 hours'`),
    );
  }
}
