import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person is told of the own mails, whichever organization they were about: what they were, never their words. */
export class MailsOfPerson1767000000150 implements MigrationInterface {
  name = 'MailsOfPerson1767000000150';

  async up(runner: QueryRunner): Promise<void> {
    const { app, self } = await rolesOf(runner);
    await runner.query(`
      grant select (id, created_at, sent_at) on mails to ${self};
      grant create on schema public to ${self};
      create function mails_of_person(person uuid, address text, most int)
        returns table (id uuid, kind text, recipient text, order_id text, status text, last_error text, created_at timestamptz, sent_at timestamptz)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
        select m.id, m.kind, m.recipient, m.facts ->> 'orderId', m.status, m.last_error, m.created_at, m.sent_at
        from mails m
        where m.recipient = address or coalesce(m.facts -> 'buyer' ->> 'id', m.facts ->> 'userId') = person::text
        order by m.id desc limit most;
      $$;
      alter function mails_of_person(uuid, text, int) owner to ${self};
      revoke all on function mails_of_person(uuid, text, int) from public;
      grant execute on function mails_of_person(uuid, text, int) to ${app};
      revoke create on schema public from ${self};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { self } = await rolesOf(runner);
    await runner.query('drop function mails_of_person(uuid, text, int)');
    await runner.query(`revoke select (id, created_at, sent_at) on mails from ${self}`);
  }
}
