import { Database } from '@app/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';

const HOUR = 3_600_000;
const CHUNK = 5_000;

/**
 * Forgets messages that were handled more than 30 days ago. Handlers are guarded by state, so they stay right when a
 * message comes back after that. Every replica may do it at once.
 */
@Injectable()
export class InboxRetention {
  private readonly log = new Logger(InboxRetention.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(Database) private readonly database: Database) {}

  start(): void {
    this.timer ??= setInterval(() => {
      this.forget().catch((error: Error) => this.log.warn(`Old inbox rows stay: ${error.message}`));
    }, HOUR).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** In chunks, so that no statement meets its time limit. @returns how many rows are gone. */
  async forget(): Promise<number> {
    let gone = 0;
    for (;;) {
      const count = await this.database.asJob((transaction) => transaction.execute(FORGET, [CHUNK]));
      gone += count;
      if (count < CHUNK) return gone;
    }
  }
}

const FORGET = `
  delete from inbox where ctid = any(array(
    select ctid from inbox where processed_at < now() - interval '30 days' limit $1))`;
