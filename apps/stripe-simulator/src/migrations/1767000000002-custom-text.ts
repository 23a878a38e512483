import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the shop has the hosted page say; null in sessions of before. */
export class CustomText1767000000002 implements MigrationInterface {
  name = 'CustomText1767000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table checkout_session add custom_text jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table checkout_session drop custom_text');
  }
}
