import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';

export interface NewMail {
  id: string;
  messageId: string;
  correlationId: string;
  kind: string;
  recipient: string;
  facts: unknown;
}

/** A mail that is this process's to send until its lease ends. `attempts` counts this one. */
export interface ClaimedMail {
  id: string;
  tenantId: string;
  attempts: number;
}

export interface QueuedMail extends ClaimedMail {
  kind: string;
  correlationId: string;
  recipient: string;
  facts: Record<string, unknown>;
  /** Times that the recipient's side refused it for good. */
  refusals: number;
  /** Since it was recorded. */
  ageSeconds: number;
}

/** Seconds that a claim lasts unless it is renewed: so long after a crash, another sender takes over. */
const LEASE = 10;

@Injectable()
export class MailStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Into the open transaction, under its tenant. @returns false if that message's mail is recorded already. */
  async add({ id, messageId, correlationId, kind, recipient, facts }: NewMail): Promise<boolean> {
    const transaction = this.database.current();
    const added = await transaction.execute(
      `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, message_id, recipient, kind) do nothing`,
      [id, transaction.tenantId, messageId, correlationId, kind, recipient, JSON.stringify(facts)],
    );
    return added === 1;
  }

  /** Takes mails that are due, those first that have waited longest. Two processes never get the same one. */
  claim(limit: number): Promise<ClaimedMail[]> {
    return this.database.asJob((transaction) => transaction.query<ClaimedMail>(CLAIM, [limit, LEASE], 'claim-mails'));
  }

  async renew(ids: readonly string[]): Promise<void> {
    await this.database.asJob((transaction) =>
      transaction.execute(
        `update mails set next_attempt_at = now() + $2 * interval '1 second' where id = any($1) and status = 'queued'`,
        [ids, LEASE],
      ),
    );
  }

  /** @returns undefined if another process has finished it meanwhile. */
  async read({ id, tenantId, attempts }: ClaimedMail): Promise<QueuedMail | undefined> {
    const [mail] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<Omit<QueuedMail, keyof ClaimedMail>>(READ, [id], 'read-mail'),
    );
    return mail && { ...mail, id, tenantId, attempts };
  }

  /** Its `secrets` (names of facts) have done their work and go. */
  async markSent({ id, tenantId }: ClaimedMail, secrets: readonly string[]): Promise<void> {
    await this.database.asTenant(tenantId, (transaction) =>
      transaction.execute(
        `update mails set status = 'sent', sent_at = now(), last_error = null, facts = facts - $2::text[]
         where id = $1 and status = 'queued'`,
        [id, secrets],
      ),
    );
  }

  /** Unless another process has claimed it meanwhile: then that one's result counts. */
  async putBack(mail: ClaimedMail, log: { refusals: number; error: string; delaySeconds: number }): Promise<void> {
    await this.database.asTenant(mail.tenantId, (transaction) =>
      transaction.execute(
        `update mails set refusals = $3, last_error = $4, next_attempt_at = now() + $5 * interval '1 second'
         where id = $1 and status = 'queued' and attempts = $2`,
        [mail.id, mail.attempts, log.refusals, log.error, log.delaySeconds],
      ),
    );
  }

  async markFailed(
    mail: ClaimedMail,
    log: { refusals: number; error: string; secrets: readonly string[] },
  ): Promise<void> {
    await this.database.asTenant(mail.tenantId, (transaction) =>
      transaction.execute(
        `update mails set status = 'failed', refusals = $3, last_error = $4, facts = facts - $5::text[]
         where id = $1 and status = 'queued' and attempts = $2`,
        [mail.id, mail.attempts, log.refusals, log.error, log.secrets],
      ),
    );
  }

  /** Mails of all tenants that wait, and that were given up. */
  async backlog(): Promise<{ queued: number; failed: number }> {
    const [row] = await this.database.asJob((transaction) =>
      transaction.query<{ queued: number; failed: number }>(
        `select count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'failed') as failed
         from mails where status in ('queued', 'failed')`,
      ),
    );
    return row!;
  }
}

const CLAIM = `
  with due as (
    select id from mails where status = 'queued' and next_attempt_at <= now()
    order by next_attempt_at limit $1 for update skip locked
  )
  update mails set attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 second'
  from due where mails.id = due.id
  returning mails.id, mails.tenant_id as "tenantId", mails.attempts`;

const READ = `
  select kind, correlation_id as "correlationId", recipient, facts, refusals,
         extract(epoch from now() - created_at)::float8 as "ageSeconds"
  from mails where id = $1 and status = 'queued'`;
