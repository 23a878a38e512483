import { protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happened to an order and stands in no other table with its time: what other services told (`id` is the message's),
 * how the order ended, and who repaired it. Rows are added and stay as they are.
 */
export class OrderSteps1767000000055 implements MigrationInterface {
  name = 'OrderSteps1767000000055';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table order_steps (
        tenant_id uuid not null,
        order_id uuid not null,
        id uuid not null,
        step text not null,
        service text not null,
        at timestamptz not null,
        detail jsonb not null,
        primary key (tenant_id, order_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id)
      )`);
    await protectTenantTable(runner, 'order_steps', 'select, insert');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table order_steps');
  }
}
