import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '@app/persistence';

const HOUR = 3_600_000;
/** Days. Long enough to look into a misuse; entries themselves stay as long as their organization. */
const KEPT = 90;
/** Entries of one statement at most. */
const BATCH = 10_000;

/** Where a deed was done from is personal data, and is forgotten before the deed is. */
@Injectable()
export class ForgetNetworks {
  constructor(private readonly database: Database) {}

  @Interval(HOUR)
  async run(): Promise<void> {
    await this.database.asJob((transaction) =>
      transaction.execute(
        `update audit_log_entries set network = null where id in (
           select id from audit_log_entries
           where network is not null and at < now() - make_interval(days => $1) limit $2)`,
        [KEPT, BATCH],
      ),
    );
  }
}
