import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose accounts were erased, as ids without a person. Of their mails stays that they were, about which order and when; one
 * that had not left is `dropped`. The last mail of all, which says that the account is erased, loses its recipient when
 * it is done with.
 */
export class Erasure1767000000130 implements MigrationInterface {
  name = 'Erasure1767000000130';

  async up(runner: QueryRunner): Promise<void> {
    const { app, self } = await rolesOf(runner);
    const of = (person: string) => `coalesce(facts -> 'buyer' ->> 'id', facts ->> 'userId') = ${person}`;
    await runner.query(`
      alter table mails drop constraint mails_status_check;
      alter table mails add constraint mails_status_check check (status in ('queued', 'sent', 'failed', 'dropped'));
      create index mails_of_person on mails ((coalesce(facts -> 'buyer' ->> 'id', facts ->> 'userId')));
      create index mails_to on mails (recipient);
      create table erased_people (user_id uuid primary key, erased_at timestamptz not null default now());
      create index on erased_people (erased_at);
      grant select, insert on erased_people to ${app};
      grant select (kind, recipient, facts, last_error, status), update (recipient, facts, last_error, status) on mails to ${self};
      create policy self on mails to ${self} using (true) with check (true);
      grant create on schema public to ${self};
      create function erase_mails(person uuid, address text) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
        update mails set
          recipient = person || '@erased.invalid',
          facts = jsonb_strip_nulls(jsonb_build_object('orderId', facts -> 'orderId', 'buyer',
            case when facts ? 'buyer' then jsonb_build_object('id', facts -> 'buyer' -> 'id') end)),
          last_error = null,
          status = case status when 'queued' then 'dropped' else status end
        where (recipient = address or ${of('person::text')})
          and kind <> 'account-erased' and recipient <> person || '@erased.invalid';
      $$;
      alter function erase_mails(uuid, text) owner to ${self};
      revoke all on function erase_mails(uuid, text) from public;
      grant execute on function erase_mails(uuid, text) to ${app};
      revoke create on schema public from ${self};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function erase_mails(uuid, text); drop policy self on mails; drop index mails_of_person, mails_to; drop table erased_people',
    );
  }
}
