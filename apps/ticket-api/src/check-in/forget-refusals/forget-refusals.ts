import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '@app/persistence';

const HOUR = 3_600_000;
/** Days that a refused scan stays in the log: of no known ticket, and of a ticket; and what a gate without network let in by no ticket. */
const KEPT = { unknown: 7, ofTicket: 90 };
/** Rows of one statement at most, and statements of one run. */
const BATCH = 10_000;
const BATCHES = 50;

/**
 * Who scans garbage, or the same ticket all day, fills no disk for ever: refusals are forgotten. What had an effect stays
 * as long as its ticket.
 */
@Injectable()
export class ForgetRefusals {
  constructor(private readonly database: Database) {}

  @Interval(HOUR)
  async run(): Promise<void> {
    for (let count = 0; count < BATCHES; count += 1) if ((await this.forget()) < BATCH) return;
  }

  private forget(): Promise<number> {
    return this.database.asJob((transaction) =>
      transaction.execute(
        `delete from gate_scans where (tenant_id, id) in (
           select tenant_id, id from gate_scans
           where result = 'refused' and recorded_at < now() - make_interval(days => $1)
               and (ticket_id is null or recorded_at < now() - make_interval(days => $2))
             or result = 'conflict' and ticket_id is null and recorded_at < now() - make_interval(days => $2)
           limit $3)`,
        [KEPT.unknown, KEPT.ofTicket, BATCH],
      ),
    );
  }
}
