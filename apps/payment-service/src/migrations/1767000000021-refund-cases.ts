import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds that failed wait for a person, who has them tried again or pays them back otherwise. */
export class RefundCases1767000000021 implements MigrationInterface {
  name = 'RefundCases1767000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table refunds
        -- How often a person has taken it up, who did so last, and what he or she said.
        add round int not null default 0,
        add decided_by uuid,
        add decided_at timestamptz,
        add note text,
        -- The provider's ids of earlier tries, which failed for good.
        add spent_provider_ids text[] not null default '{}',
        drop constraint refunds_status_check,
        add constraint refunds_status_check check (status in ('pending', 'succeeded', 'failed', 'settled', 'paid-twice')),
        add constraint settlements_are_accounted_for check (
          status not in ('settled', 'paid-twice') or num_nulls(decided_by, decided_at, note) = 0);
      create index on refunds (tenant_id, status, id) where status in ('failed', 'settled', 'paid-twice');

      alter table ledger_transfers
        add round int not null default 0,
        drop constraint ledger_transfers_credit_account_check,
        add constraint ledger_transfers_credit_account_check check (
          credit_account in ('provider-balance', 'organization-payable', 'suspense', 'paid-by-hand')),
        drop constraint ledger_transfers_what_check,
        add constraint ledger_transfers_what_check check (what in (
          'payment', 'payment-in-review', 'refund', 'refund-returned', 'refund-settled', 'dispute-withdrawn', 'dispute-reinstated')),
        drop constraint ledger_transfers_check1,
        add constraint refunds_move_their_money check (
          (refund_id is not null) = (what in ('refund', 'refund-returned', 'refund-settled')));
      -- A refund moves once each way, and once more each time that a person has taken it up.
      drop index ledger_transfers_refund_id_what_idx;
      create unique index on ledger_transfers (refund_id, what, round) where refund_id is not null;
    `);
    const { app, jobs } = await rolesOf(runner);
    // A function's new owner needs CREATE on the schema at that moment.
    await runner.query(`grant create on schema public to ${jobs}`);
    await runner.query(
      `create function locate_refund(wanted uuid) returns table (tenant_id uuid) language sql stable security definer
       set search_path = pg_catalog, public as $$ select r.tenant_id from refunds r where r.id = wanted $$`,
    );
    await runner.query(`alter function locate_refund(uuid) owner to ${jobs}`);
    await runner.query(`revoke all on function locate_refund(uuid) from public`);
    await runner.query(`grant execute on function locate_refund(uuid) to ${app}`);
    await runner.query(`revoke create on schema public from ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function locate_refund(uuid);
      drop index ledger_transfers_refund_id_what_round_idx;
      create unique index ledger_transfers_refund_id_what_idx on ledger_transfers (refund_id, what) where refund_id is not null;
      alter table ledger_transfers
        drop constraint refunds_move_their_money,
        add constraint ledger_transfers_check1 check ((refund_id is not null) = (what in ('refund', 'refund-returned'))),
        drop constraint ledger_transfers_what_check,
        add constraint ledger_transfers_what_check check (
          what in ('payment', 'payment-in-review', 'refund', 'refund-returned', 'dispute-withdrawn', 'dispute-reinstated')),
        drop constraint ledger_transfers_credit_account_check,
        add constraint ledger_transfers_credit_account_check check (
          credit_account in ('provider-balance', 'organization-payable', 'suspense')),
        drop round;
      alter table refunds
        drop constraint settlements_are_accounted_for,
        drop constraint refunds_status_check,
        add constraint refunds_status_check check (status in ('pending', 'succeeded', 'failed')),
        drop round, drop decided_by, drop decided_at, drop note, drop spent_provider_ids;
    `);
  }
}
