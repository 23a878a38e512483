import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { TellEnded } from '../tell-ended.js';
import { TransferStore } from '../transfer.store.js';

/** Milliseconds. Nothing waits for it but the mail: reads judge the end of an offer by themselves. */
const EVERY = 2_000;
/** Offers that one look ends at most. */
const BATCH = 200;

interface Due {
  id: string;
  tenant_id: string;
}

/** Ends offers whose time is over, by the database's clock, and tells of those that ended with their tickets. Every replica may run it. */
@Injectable()
export class ExpireTransfers implements BeforeApplicationShutdown {
  private readonly log = new Logger(ExpireTransfers.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly store: TransferStore,
    private readonly ended: TellEnded,
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
    const tenants = new Map<string, string[]>();
    for (const { id, tenant_id: tenantId } of due) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), id]);
    let failed = 0;
    for (const [tenantId, ids] of tenants)
      await this.end(tenantId, ids).catch((error: unknown) => {
        failed += ids.length;
        this.log.error(
          `Offers of tickets of organization ${tenantId} could not be ended; the next look tries again`,
          error,
        );
      });
    return due.length === BATCH && failed < due.length;
  }

  private async end(tenantId: string, ids: readonly string[]): Promise<void> {
    await this.database.asTenant(tenantId, async () => {
      await this.store.expire(ids);
      await this.ended.of(ids);
    });
  }

  private due(): Promise<Due[]> {
    return this.database.asJob((transaction) =>
      transaction.query<Due>(
        `(select id, tenant_id from transfers where status = 'pending' and expires_at <= now() order by expires_at limit $1)
         union all
         (select id, tenant_id from transfers where status <> 'pending' and told_at is null order by id limit $1)
         limit $1`,
        [BATCH],
      ),
    );
  }
}
