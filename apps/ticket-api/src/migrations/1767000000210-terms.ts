import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an organizer wants to be read on every ticket. */
export class Terms1767000000210 implements MigrationInterface {
  name = 'Terms1767000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table events add terms text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table events drop terms');
  }
}
