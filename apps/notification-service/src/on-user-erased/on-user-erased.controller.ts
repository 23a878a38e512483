import { userErased, type Envelope, type DataOf } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Database } from '@app/persistence';
import { Controller, Inject } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RecordMails } from '../mails/mails.module.js';

type Erased = DataOf<typeof userErased>;
const EVERY = 60_000;

/**
 * What was written to the person goes, and one last mail says so. Mails that other messages cause meanwhile lose what they
 * know within a minute, for a day; what is caused later knows nobody any more.
 */
@Controller()
export class OnUserErased {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RecordMails) private readonly mails: RecordMails,
  ) {}

  @OnMessage(userErased)
  async handle({ userId, email }: Erased, message: Envelope<Erased>): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute('insert into erased_people (user_id) values ($1) on conflict do nothing', [userId]);
    await transaction.query('select erase_mails($1, $2)', [userId, email]);
    await this.mails.record('account-erased', [message], ({ email: recipient }) => recipient);
  }

  @Interval(EVERY)
  async again(): Promise<void> {
    const recent = `select user_id from erased_people where erased_at > now() - interval '1 day'`;
    const erased = await this.database.lookUp<{ user_id: string }>(recent, []);
    for (const { user_id } of erased) await this.database.lookUp('select erase_mails($1, null)', [user_id]);
  }
}
