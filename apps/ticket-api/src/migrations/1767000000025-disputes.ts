import { protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the disputes of payments stand: one may be told before the payment itself is. */
export class Disputes1767000000025 implements MigrationInterface {
  name = 'Disputes1767000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table disputes (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        payment_id uuid not null,
        status text not null check (status in ('open', 'lost', 'won')),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id)
      );
      create index on disputes (order_id);
    `);
    await protectTenantTable(runner, 'disputes', 'select, insert, update');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table disputes');
  }
}
