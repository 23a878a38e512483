import { Controller, Inject } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { userErased, type DataOf } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Database } from '@app/persistence';

const EVERY = 600_000;

/**
 * What is known of the person goes; payments, refunds and books stay. Messages in another order may bring some of it back:
 * for a day that goes again, within ten minutes.
 */
@Controller()
export class OnUserErased {
  constructor(@Inject(Database) private readonly database: Database) {}

  @OnMessage(userErased)
  async handle({ userId }: DataOf<typeof userErased>): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute('insert into erased_people (user_id) values ($1) on conflict do nothing', [userId]);
    await transaction.query('select erase_traces($1)', [userId]);
  }

  @Interval(EVERY)
  async again(): Promise<void> {
    const recent = `select user_id from erased_people where erased_at > now() - interval '1 day'`;
    const erased = await this.database.lookUp<{ user_id: string }>(recent, []);
    for (const { user_id } of erased) await this.database.lookUp('select erase_traces($1)', [user_id]);
  }
}
