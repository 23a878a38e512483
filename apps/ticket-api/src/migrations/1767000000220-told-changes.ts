import { CURRENT_USER_ID, openReadDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What holders of tickets have still to be told of an event, when they were reminded of it, who of an organization takes
 * the answers to its mails, and which mails a person does not want.
 */
export class ToldChanges1767000000220 implements MigrationInterface {
  name = 'ToldChanges1767000000220';

  async up(runner: QueryRunner): Promise<void> {
    const { app, code } = await rolesOf(runner);
    await runner.query(`
      alter table events
        -- As it was before the first edit that nobody was told of, when that was, and when it is told.
        add changed_from jsonb,
        add changed_at timestamptz,
        add change_due_at timestamptz,
        add reminded_at timestamptz;
      create index events_with_news on events (change_due_at) where change_due_at is not null;
      create index tickets_of_holder_at_event on tickets (event_id, holder_id);
      alter table organizations add contact_user_id uuid references users;

      -- A row is a mail that the person does not want; at the platform's tenant: of no organization.
      create table mail_preferences (
        tenant_id uuid not null,
        user_id uuid not null references users,
        kind text not null check (kind in ('reminder')),
        created_at timestamptz not null default now(),
        primary key (tenant_id, user_id, kind)
      );
      create index on mail_preferences (user_id);
    `);
    await protectTenantTable(runner, 'mail_preferences', 'select, insert, delete');
    await openReadDoor(runner, 'mail_preferences', 'person', `user_id = ${CURRENT_USER_ID}`);

    // Who is erased is at every tenant at once nobody any more.
    await runner.query(`
      grant select (user_id), delete on mail_preferences to ${code};
      create policy code on mail_preferences to ${code} using (true) with check (true);
      grant create on schema public to ${code};
      create function erase_mail_preferences(person uuid) returns void language sql
        security definer set search_path = pg_catalog, public, pg_temp as $$
        delete from mail_preferences where user_id = person;
      $$;
      alter function erase_mail_preferences(uuid) owner to ${code};
      revoke all on function erase_mail_preferences(uuid) from public;
      grant execute on function erase_mail_preferences(uuid) to ${app};
      revoke create on schema public from ${code};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function erase_mail_preferences(uuid)');
    await runner.query('drop table mail_preferences');
    await runner.query('alter table organizations drop contact_user_id');
    await runner.query('drop index tickets_of_holder_at_event');
    await runner.query('alter table events drop changed_from, drop changed_at, drop change_due_at, drop reminded_at');
  }
}
