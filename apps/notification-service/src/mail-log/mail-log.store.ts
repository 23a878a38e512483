import type { FindMailLog, MailLog } from '@app/contracts';
import { Database, jsonInstant } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { inWords } from './in-words.js';

const ABOUT = {
  order: `facts ? 'orderId' and facts ->> 'orderId' = $1`,
  event: `facts ? 'event' and facts -> 'event' ->> 'id' = $1`,
} as const;

const read = (about: string) => `
  select id, kind, recipient, coalesce(facts -> 'buyer' ->> 'id', facts ->> 'userId') as "userId", facts ->> 'orderId' as "orderId",
    status, attempts, last_error as error, ${jsonInstant('created_at')} as "createdAt", ${jsonInstant('sent_at')} as "sentAt",
    case status when 'queued' then ${jsonInstant('next_attempt_at')} end as "nextAttemptAt"
  from mails where ${about} and ($2::uuid is null or id < $2) and ($3::text is null or status = $3)
  order by id desc limit $4`;

/** Ids are UUIDv7: a page is a step back in time. */
@Injectable()
export class MailLogStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  async read({ tenantId, about, before, status, limit }: FindMailLog): Promise<MailLog> {
    const parameters = [about.id, before, status ?? null, limit];
    const mails = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<MailLog['mails'][number]>(read(ABOUT[about.kind]), parameters),
    );
    return { mails: mails.map(({ error, ...mail }) => ({ ...mail, error: inWords(error) })) };
  }
}
