import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { QueryRunner } from 'typeorm';

/**
 * For a service's migration: the outbox (messages committed with the state they tell of) and the inbox (messages whose
 * effect is committed). A service writes both only under the row's tenant; relay and retention go through the job role.
 */
export async function createMessagingTables(runner: QueryRunner): Promise<void> {
  // Rows live for milliseconds: without eager vacuuming the relay would step over their remains.
  await runner.query(`
    create table outbox (
      id uuid primary key,
      tenant_id uuid not null,
      type text not null,
      correlation_id text not null,
      traceparent text,
      data jsonb not null,
      created_at timestamptz not null default now()
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`);
  await protectTenantTable(runner, 'outbox', 'insert');
  // FOR UPDATE asks for the right to update some column; the relay changes none.
  await openJobDoor(runner, 'outbox', 'select, delete, update (id)');

  await runner.query(`
    create table inbox (
      consumer text not null,
      message_id uuid not null,
      tenant_id uuid not null,
      processed_at timestamptz not null default now(),
      primary key (consumer, message_id)
    )`);
  await runner.query(`create index inbox_processed_at on inbox using brin (processed_at)`);
  await protectTenantTable(runner, 'inbox', 'insert');
  await openJobDoor(runner, 'inbox', 'select, delete');
}

/** Undoes `createMessagingTables`. */
export async function dropMessagingTables(runner: QueryRunner): Promise<void> {
  await runner.query('drop table inbox, outbox');
}
