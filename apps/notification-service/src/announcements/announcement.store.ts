import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { AnnouncedKind } from './announced-kinds.js';

export interface NewAnnouncement {
  /** Of the message that causes it. */
  id: string;
  correlationId: string;
  kind: AnnouncedKind;
  facts: object;
}

export interface Announcement extends NewAnnouncement {
  tenantId: string;
  /** The person after whom its next page begins. */
  passed: string | null;
  attempts: number;
}

/** Seconds that a claim lasts: so long after a crash another replica goes on. */
const LEASE = 15;
/** Seconds between two pages of one announcement, whichever replica takes them. */
const PAUSE = 1;
const LONGEST_DELAY = 60;
const LONGEST_ERROR = 500;

@Injectable()
export class AnnouncementStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Into the open transaction; a message that comes again changes nothing. */
  async addAll(announcements: readonly NewAnnouncement[]): Promise<void> {
    const transaction = this.database.current();
    for (const { id, correlationId, kind, facts } of announcements)
      await transaction.execute(
        `insert into announcements (tenant_id, id, correlation_id, kind, facts) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [transaction.tenantId, id, correlationId, kind, facts],
      );
  }

  /** Takes what is due, for this replica alone until the claim ends. */
  claim(): Promise<{ id: string; tenantId: string }[]> {
    return this.database.asJob((transaction) =>
      transaction.query<{ id: string; tenantId: string }>(
        `with due as (
           select id, tenant_id from announcements where done_at is null and next_attempt_at <= now()
           order by next_attempt_at limit 10 for update skip locked
         )
         update announcements a set next_attempt_at = now() + $1 * interval '1 second' from due
         where a.tenant_id = due.tenant_id and a.id = due.id returning a.id, a.tenant_id as "tenantId"`,
        [LEASE],
      ),
    );
  }

  async read(tenantId: string, id: string): Promise<Announcement | undefined> {
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<Announcement>(
        `select id, tenant_id as "tenantId", correlation_id as "correlationId", kind, facts, passed, attempts
         from announcements where id = $1 and done_at is null`,
        [id],
      ),
    );
    return row;
  }

  /**
   * In the open transaction: a page is recorded, `next` is where the following one begins, null if there is none. Of what is
   * done the facts have done their work.
   * @returns false when another replica was here meanwhile
   */
  async pass({ id, passed }: Announcement, next: string | null): Promise<boolean> {
    const moved = await this.database.current().execute(
      `update announcements set passed = coalesce($3::uuid, passed), attempts = 0, last_error = null,
         next_attempt_at = now() + $4 * interval '1 second',
         done_at = case when $3::uuid is null then now() end,
         facts = case when $3::uuid is null then '{}' else facts end
       where id = $1 and passed is not distinct from $2 and done_at is null`,
      [id, passed, next, PAUSE],
    );
    return moved === 1;
  }

  /** Later again, ever more seldom; never given up, for what it has to tell may become no news by itself. */
  async putBack({ id, tenantId, attempts }: Announcement, error: Error): Promise<void> {
    await this.database.asTenant(tenantId, (transaction) =>
      transaction.execute(
        `update announcements set attempts = attempts + 1, last_error = $2, next_attempt_at = now() + $3 * interval '1 second'
         where id = $1 and done_at is null`,
        [id, error.message.slice(0, LONGEST_ERROR), Math.min(2 ** attempts, LONGEST_DELAY)],
      ),
    );
  }
}
