import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The highest number of what payment-service has told of a refund: a lower one that comes later changes nothing. */
export class RefundSequence1767000000075 implements MigrationInterface {
  name = 'RefundSequence1767000000075';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds add heard int not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds drop heard');
  }
}
