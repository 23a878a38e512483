import { protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The gates of an event, each with the ticket types that it admits (none: all). They are read with every scan, in the
 * statement that reads the ticket: hence one row per gate. Ticket types are never deleted, so an array refers to them.
 * `key` is the name as gates are told apart by it.
 */
export class Gates1767000000191 implements MigrationInterface {
  name = 'Gates1767000000191';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gates (
        tenant_id uuid not null,
        id uuid not null unique,
        event_id uuid not null,
        name text not null,
        key text not null,
        ticket_type_ids uuid[] not null default '{}',
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, event_id, key),
        foreign key (tenant_id, event_id) references events (tenant_id, id)
      );
    `);
    await protectTenantTable(runner, 'gates');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table gates');
  }
}
