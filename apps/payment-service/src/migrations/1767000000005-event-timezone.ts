import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The zone in which the buyer is told until when the tickets are held; null for orders told of before. */
export class EventTimezone1767000000005 implements MigrationInterface {
  name = 'EventTimezone1767000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table owed_orders add event_timezone text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table owed_orders drop event_timezone');
  }
}
