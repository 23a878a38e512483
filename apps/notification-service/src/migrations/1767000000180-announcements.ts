import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the holders of an event's tickets are to be told, and how far that is; and the log of mails by what they are about.
 * An erased mail keeps which event it was about.
 */
export class Announcements1767000000180 implements MigrationInterface {
  name = 'Announcements1767000000180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table announcements (
        -- Of the message that caused it, and of each of its mails' Message-ID rule: one mail per announcement and recipient.
        id uuid not null,
        tenant_id uuid not null,
        correlation_id text not null,
        kind text not null,
        facts jsonb not null,
        -- The last person of the last page that is recorded.
        passed uuid,
        attempts int not null default 0,
        last_error text,
        next_attempt_at timestamptz not null default now(),
        created_at timestamptz not null default now(),
        done_at timestamptz,
        primary key (tenant_id, id)
      );
      create index on announcements (next_attempt_at) where done_at is null;
      create index mails_of_order on mails (tenant_id, (facts ->> 'orderId'), id) where facts ? 'orderId';
      create index mails_of_event on mails (tenant_id, (facts -> 'event' ->> 'id'), id) where facts ? 'event';
    `);
    await protectTenantTable(runner, 'announcements', 'select, insert, update');
    await openJobDoor(
      runner,
      'announcements',
      'select (id, tenant_id, next_attempt_at, done_at), update (next_attempt_at)',
    );
    await runner.query(
      erase(`'event', case when facts ? 'event' then jsonb_build_object('id', facts -> 'event' -> 'id') end,`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(erase(''));
    await runner.query('drop index mails_of_order, mails_of_event; drop table announcements');
  }
}

/** @param kept SQL of what stays of an erased mail's facts beyond order and person */
const erase = (kept: string) => `
  create or replace function erase_mails(person uuid, address text) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update mails set
      recipient = person || '@erased.invalid',
      facts = jsonb_strip_nulls(jsonb_build_object('orderId', facts -> 'orderId', ${kept} 'buyer',
        case when facts ? 'buyer' then jsonb_build_object('id', facts -> 'buyer' -> 'id') end)),
      last_error = null,
      status = case status when 'queued' then 'dropped' else status end
    where (recipient = address or coalesce(facts -> 'buyer' ->> 'id', facts ->> 'userId') = person::text)
      and kind <> 'account-erased' and recipient <> person || '@erased.invalid';
  $$`;
