import { EXPORTED_ROWS, type FindMails, type MailsOfPerson } from '@app/contracts';
import { Database, jsonInstant } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';

const MAILS = `
  select id, kind, recipient, order_id as "orderId", status, last_error as "lastError",
    ${jsonInstant('created_at')} as "createdAt", ${jsonInstant('sent_at')} as "sentAt"
  from mails_of_person($1, $2, ${EXPORTED_ROWS + 1})`;

@Injectable()
export class MailsOfPersonStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Those about the person, and those to the address, if one is given: whichever organization they were about. */
  async read({ userId, email }: FindMails): Promise<MailsOfPerson> {
    const mails = await this.database.lookUp<MailsOfPerson['mails'][number]>(MAILS, [userId, email]);
    return { mails };
  }
}
