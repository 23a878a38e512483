import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database, OneAtATime } from '@app/persistence';

/** Milliseconds. */
const EVERY = 10 * 60_000;
/** Rows of a table that one pass forgets at most, so that no transaction is long. */
const BATCH = 500;

/** Rows that are of no use any more. Sessions stay a day, for the gateway has to hear of those that were ended. */
const ENDED = {
  sessions: `least(expires_at, revoked_at) < now() - interval '1 day'`,
  email_verifications: `expires_at < now()`,
  password_resets: `expires_at < now()`,
  known_networks: `last_seen_at < now() - interval '90 days'`,
  // No token of an issuer counts for more than a day.
  external_identities: `issuer is null and exists (select from users u where u.id = user_id and u.erased_at < now() - interval '2 days')`,
  sign_in_failures: `last_at < now() - interval '1 day'`,
} as const;

/** Forgets what has ended of sessions and of mailed tokens. Every replica may run it: rows that another has locked are passed by. */
@Injectable()
export class ForgetEnded implements BeforeApplicationShutdown {
  private readonly passes = new OneAtATime(() => this.forget(), new Logger(ForgetEnded.name));

  constructor(private readonly database: Database) {}

  @Interval(EVERY)
  wake(): void {
    this.passes.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.passes.stop();
  }

  /** One pass; true when there is more to forget. */
  async forget(): Promise<boolean> {
    let isMore = false;
    for (const [table, hasEnded] of Object.entries(ENDED)) {
      const forgotten = await this.database.asTenant(PLATFORM_TENANT, (transaction) =>
        transaction.execute(
          `delete from ${table} where ctid = any(array(
             select ctid from ${table} where ${hasEnded} limit ${BATCH} for update skip locked))`,
        ),
      );
      isMore ||= forgotten === BATCH;
    }
    return isMore;
  }
}
