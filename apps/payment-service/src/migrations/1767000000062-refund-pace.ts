import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far the replicas together have used up what they may ask of the provider. It belongs to no tenant and is on the list
 * of `tenancy.spec.ts`.
 */
export class RefundPace1767000000062 implements MigrationInterface {
  name = 'RefundPace1767000000062';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table refund_pace (
        is_only boolean primary key default true check (is_only),
        used_until timestamptz not null default now()
      );
      insert into refund_pace default values;
      -- Each tenant's oldest first, and from one tenant to the next without reading the first one's.
      create index on refunds (tenant_id, due_at) where status = 'pending';
    `);
    const { jobs } = await rolesOf(runner);
    await runner.query(`grant select, update on refund_pace to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index refunds_tenant_id_due_at_idx');
    await runner.query('drop table refund_pace');
  }
}
