import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often the other services were told of a refund: what they are told is numbered, so that none takes an older word for the last. */
export class RefundSequence1767000000070 implements MigrationInterface {
  name = 'RefundSequence1767000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds add told int not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds drop told');
  }
}
