import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever says that a refund is covered, or covers another, is judged when the transaction commits. */
export class CoveredIsJudged1767000000082 implements MigrationInterface {
  name = 'CoveredIsJudged1767000000082';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(trigger('payment_id, amount, currency, status, covered, covers'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(trigger('payment_id, amount, currency, status'));
  }
}

const trigger = (columns: string) => `
  drop trigger refunds_within_payment on refunds;
  create constraint trigger refunds_within_payment after insert or update of ${columns} on refunds
    deferrable initially deferred for each row when (new.status <> 'failed') execute function judge_refund()`;
