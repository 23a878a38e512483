import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the event allows it, who has entered may go out and come back: `left_at` while the holder is outside. */
export class ReEntry1767000000192 implements MigrationInterface {
  name = 'ReEntry1767000000192';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table events add reentry_allowed boolean not null default false;
      alter table tickets add left_at timestamptz,
        add constraint tickets_outside_after_entry check (left_at is null or checked_in_at is not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table tickets drop left_at;
      alter table events drop reentry_allowed;
    `);
  }
}
