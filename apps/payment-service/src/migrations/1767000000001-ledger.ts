import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Double entry, one row per movement: what leaves one account arrives in another, so that every account's sum over all
 * rows is zero by construction. Rows are only ever added.
 */
export class Ledger1767000000001 implements MigrationInterface {
  name = 'Ledger1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    const account = `check (%s in ('provider-balance', 'organization-payable', 'suspense'))`;
    await runner.query(`
      create table ledger_transfers (
        id uuid primary key,
        tenant_id uuid not null,
        order_id uuid not null,
        payment_id uuid not null,
        refund_id uuid,
        what text not null check (what in ('payment', 'payment-in-review', 'refund', 'refund-returned')),
        debit_account text not null ${account.replace('%s', 'debit_account')},
        credit_account text not null ${account.replace('%s', 'credit_account')},
        amount bigint not null check (amount > 0),
        currency text not null,
        created_at timestamptz not null default now(),
        foreign key (tenant_id, payment_id) references payments (tenant_id, id),
        foreign key (tenant_id, refund_id) references refunds (tenant_id, id),
        check (debit_account <> credit_account),
        check ((refund_id is not null) = (what in ('refund', 'refund-returned')))
      );
      -- Money moves once per payment and once per refund, whatever is repeated.
      create unique index on ledger_transfers (payment_id) where refund_id is null;
      create unique index on ledger_transfers (refund_id, what) where refund_id is not null;
    `);
    await protectTenantTable(runner, 'ledger_transfers', 'select, insert');
    await openJobDoor(runner, 'ledger_transfers', 'select');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger_transfers');
  }
}
