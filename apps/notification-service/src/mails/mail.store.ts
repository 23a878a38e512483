import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';

export interface NewMail {
  id: string;
  messageId: string;
  correlationId: string;
  kind: string;
  recipient: string;
  facts: unknown;
  /** One of thousands that the same act causes: it waits until no other mail is due. */
  bulk: boolean;
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

  /** Into the open transaction, under its tenant. @returns the ids of those that are new; the others are recorded already. */
  async addAll(mails: readonly NewMail[]): Promise<string[]> {
    const transaction = this.database.current();
    const rows = mails.map(({ id, messageId, correlationId, kind, recipient, facts, bulk }) => ({
      id,
      message_id: messageId,
      correlation_id: correlationId,
      kind,
      recipient,
      facts,
      bulk,
    }));
    const added = await transaction.query<{ id: string }>(ADD, [transaction.tenantId, JSON.stringify(rows)]);
    return added.map(({ id }) => id);
  }

  /** Takes mails that are due, bulk last, those first that have waited longest. Two processes never get the same one. */
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

  /**
   * Its `secrets` (names of facts) have done their work and go.
   * @param noted done in the same transaction, unless another process has marked it before
   */
  async markSent({ id, tenantId }: ClaimedMail, secrets: readonly string[], noted: () => Promise<void>): Promise<void> {
    await this.database.asTenant(tenantId, async (transaction) => {
      const marked = await transaction.execute(
        `update mails set status = 'sent', sent_at = now(), last_error = null, facts = ${factsAfterwards('$2')}, recipient = ${RECIPIENT_AFTERWARDS}
         where id = $1 and status = 'queued'`,
        [id, secrets],
      );
      if (marked > 0) await noted();
    });
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

  /** @param noted as of `markSent` */
  async markFailed(
    mail: ClaimedMail,
    log: { refusals: number; error: string; secrets: readonly string[] },
    noted: () => Promise<void>,
  ): Promise<void> {
    await this.database.asTenant(mail.tenantId, async (transaction) => {
      const marked = await transaction.execute(
        `update mails set status = 'failed', refusals = $3, last_error = $4, facts = ${factsAfterwards('$5')}, recipient = ${RECIPIENT_AFTERWARDS}
         where id = $1 and status = 'queued' and attempts = $2`,
        [mail.id, mail.attempts, log.refusals, log.error, log.secrets],
      );
      if (marked > 0) await noted();
    });
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

/** Whose account is erased is mailed for the last time, and the address goes with that. */
const RECIPIENT_AFTERWARDS = `case kind when 'account-erased' then (facts ->> 'userId') || '@erased.invalid' else recipient end`;

/** Where answers should go is somebody's address, too, and of no use when the mail is done with. @param secrets SQL of their names */
const factsAfterwards = (secrets: string) => `(facts - ${secrets}::text[]) #- '{event,organizer,replyTo}'`;

const ADD = `
  insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, bulk, status)
  select id, $1::uuid, message_id, correlation_id, kind, recipient, facts, bulk,
    case when recipient like '%.invalid' then 'dropped' else 'queued' end
  from json_to_recordset($2) as r (id uuid, message_id uuid, correlation_id text, kind text, recipient text, facts jsonb, bulk boolean)
  on conflict (tenant_id, message_id, recipient, kind) do nothing
  returning id`;

const CLAIM = `
  with due as (
    select id from mails where status = 'queued' and next_attempt_at <= now()
    order by bulk, next_attempt_at limit $1 for update skip locked
  )
  update mails set attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 second'
  from due where mails.id = due.id
  returning mails.id, mails.tenant_id as "tenantId", mails.attempts`;

const READ = `
  select kind, correlation_id as "correlationId", recipient, facts, refusals,
         extract(epoch from now() - created_at)::float8 as "ageSeconds"
  from mails where id = $1 and status = 'queued'`;
