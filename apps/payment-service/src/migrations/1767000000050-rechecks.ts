import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the provider has to be asked for a payment because an organizer wants to know; NULL when nobody does. */
export class Rechecks1767000000050 implements MigrationInterface {
  name = 'Rechecks1767000000050';

  async up(runner: QueryRunner): Promise<void> {
    const { jobs } = await rolesOf(runner);
    await runner.query(`
      alter table payments add column recheck_due_at timestamptz;
      create index on payments (recheck_due_at) where recheck_due_at is not null;
      grant update (recheck_due_at) on payments to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payments drop column recheck_due_at');
  }
}
