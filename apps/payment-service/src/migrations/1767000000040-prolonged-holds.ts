import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When ticket-api was told that the provider is away: once per order, as a hold is prolonged once. */
export class ProlongedHolds1767000000040 implements MigrationInterface {
  name = 'ProlongedHolds1767000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table owed_orders add unavailable_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table owed_orders drop unavailable_at');
  }
}
