import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rolesOf } from '@app/persistence';

/** Events, their deliveries, and the answers that were given to idempotent requests. */
export class Webhooks1767000000001 implements MigrationInterface {
  name = 'Webhooks1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    // json, not jsonb: a webhook shows its fields in the order in which they were written.
    await runner.query(
      `create table event (
         seq bigint generated always as identity unique,
         id text primary key,
         created bigint not null default unix_now(),
         type text not null,
         api_version text not null,
         object json not null,
         request json not null
       )`,
    );
    await runner.query(
      `create table webhook_delivery (
         event text primary key references event,
         state text not null default 'pending' check (state in ('pending', 'delivered', 'abandoned')),
         attempts integer not null default 0,
         due_at timestamptz not null default now(),
         claimed_until timestamptz,
         last_failure text
       )`,
    );
    await runner.query(`create index on webhook_delivery (due_at) where state = 'pending'`);
    await runner.query(
      `create table idempotent_request (
         key text primary key,
         created_at timestamptz not null default now(),
         method text not null,
         path text not null,
         parameters_digest text not null,
         request_id text not null,
         status integer not null,
         body json not null
       )`,
    );
    await runner.query(`create index on idempotent_request (created_at)`);
    const { app } = await rolesOf(runner);
    await runner.query(`grant select, insert on event to ${app}`);
    await runner.query(`grant select, insert, update on webhook_delivery to ${app}`);
    await runner.query(`grant select, insert, delete on idempotent_request to ${app}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotent_request, webhook_delivery, event');
  }
}
