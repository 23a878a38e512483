import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of a refund was told before, of refunds that somebody had made at the provider: it has moved once and counts once. */
export class CoveredRefunds1767000000086 implements MigrationInterface {
  name = 'CoveredRefunds1767000000086';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table refunds add covered bigint not null default 0, add constraint covered_within_refund check (covered between 0 and amount)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds drop covered');
  }
}
