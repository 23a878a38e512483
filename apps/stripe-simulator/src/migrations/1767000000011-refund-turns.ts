import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds that turn out otherwise later, and movements of more kinds than charges and refunds. */
export class RefundTurns1767000000011 implements MigrationInterface {
  name = 'RefundTurns1767000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table refund
         add failure_reason text,
         add failure_balance_transaction text,
         add turn jsonb,
         add turns_at bigint,
         drop constraint refund_status_check,
         add constraint refund_status_check check (status in ('pending', 'succeeded', 'failed')),
         add check ((status = 'failed') = (failure_reason is not null)),
         add check ((turn is null) = (turns_at is null))`,
    );
    await runner.query('create index on refund (turns_at) where turns_at is not null');
    await runner.query('alter table balance_transaction add reporting_category text');
    await runner.query('update balance_transaction set reporting_category = type');
    // Each object moves money at most once in each way.
    await runner.query(
      `alter table balance_transaction
         alter reporting_category set not null,
         drop constraint balance_transaction_source_key,
         drop constraint balance_transaction_type_check,
         drop constraint balance_transaction_check,
         add unique (source, reporting_category),
         add check (type = case when reporting_category in ('dispute', 'dispute_reversal') then 'adjustment'
                                else reporting_category end),
         add check (case when reporting_category in ('charge', 'refund_failure', 'dispute_reversal') then amount > 0
                         when reporting_category in ('refund', 'dispute') then amount < 0
                         else false end)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from balance_transaction where reporting_category not in ('charge', 'refund')`);
    await runner.query(
      `alter table balance_transaction
         drop reporting_category,
         add unique (source),
         add check (type in ('charge', 'refund')),
         add check (case type when 'charge' then amount > 0 else amount < 0 end)`,
    );
    await runner.query(`delete from refund where status <> 'succeeded'`);
    await runner.query(
      `alter table refund
         drop failure_reason, drop failure_balance_transaction, drop turn, drop turns_at,
         drop constraint refund_status_check,
         add constraint refund_status_check check (status in ('succeeded'))`,
    );
  }
}
