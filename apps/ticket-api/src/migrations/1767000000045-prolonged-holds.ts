import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a hold was prolonged because nobody could pay: that happens once. */
export class ProlongedHolds1767000000045 implements MigrationInterface {
  name = 'ProlongedHolds1767000000045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders add prolonged_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders drop prolonged_at');
  }
}
