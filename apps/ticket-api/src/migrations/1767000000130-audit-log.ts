import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who did what with rights in an organization. The service adds rows and reads them; it changes and deletes none. Names are
 * not kept here but read where they belong, so that they end with the account. Where a call came from is forgotten after
 * a time (`forget-networks`): that one column, and nothing else, the job role may change.
 */
export class AuditLog1767000000130 implements MigrationInterface {
  name = 'AuditLog1767000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_log_entries (
        id uuid not null unique,
        tenant_id uuid not null references organizations,
        at timestamptz not null default now(),
        action text not null,
        actor_kind text not null check (actor_kind in ('person', 'key', 'admin')),
        actor_id uuid not null,
        -- What a key was called; persons are called by their account.
        key_name text check ((actor_kind = 'key') = (key_name is not null)),
        target_kind text not null,
        target_id uuid not null,
        detail jsonb not null default '{}',
        request_id text,
        network text,
        primary key (tenant_id, id)
      );
      create index on audit_log_entries (tenant_id, actor_id, id);
      create index on audit_log_entries (tenant_id, action, id);
      create index on audit_log_entries (at) where network is not null;
      create index on audit_log_entries (actor_id);
    `);
    await protectTenantTable(runner, 'audit_log_entries', 'select, insert');
    await openJobDoor(runner, 'audit_log_entries', 'select (id, at, actor_id, network), update (network)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_log_entries');
  }
}
