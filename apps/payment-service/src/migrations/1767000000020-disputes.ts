import { openJobDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments whose money the payer wants back through the bank, once per dispute of the provider's, and their entries in the books. */
export class Disputes1767000000020 implements MigrationInterface {
  name = 'Disputes1767000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table disputes (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        payment_id uuid not null,
        provider_dispute_id text not null unique,
        status text not null check (status in ('inquiry', 'inquiry-closed', 'open', 'lost', 'won')),
        amount bigint not null check (amount > 0),
        currency text not null,
        reason text not null,
        withdrawn boolean not null,
        reinstated boolean not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, payment_id) references payments (tenant_id, id)
      );
      create index on disputes (payment_id);

      alter table ledger_transfers
        add dispute_id uuid,
        add foreign key (tenant_id, dispute_id) references disputes (tenant_id, id),
        drop constraint ledger_transfers_what_check,
        add constraint ledger_transfers_what_check check (
          what in ('payment', 'payment-in-review', 'refund', 'refund-returned', 'dispute-withdrawn', 'dispute-reinstated')),
        add constraint disputes_move_their_money check (
          (dispute_id is not null) = (what in ('dispute-withdrawn', 'dispute-reinstated')));
      drop index ledger_transfers_payment_id_idx;
      create unique index ledger_transfers_payment_id_idx on ledger_transfers (payment_id) where refund_id is null and dispute_id is null;
      create unique index on ledger_transfers (dispute_id, what) where dispute_id is not null;
    `);
    await protectTenantTable(runner, 'disputes', 'select, insert, update');
    await openJobDoor(runner, 'disputes', 'select (tenant_id, payment_id, status)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ledger_transfers_payment_id_idx;
      create unique index ledger_transfers_payment_id_idx on ledger_transfers (payment_id) where refund_id is null;
      alter table ledger_transfers
        drop constraint ledger_transfers_what_check,
        add constraint ledger_transfers_what_check check (what in ('payment', 'payment-in-review', 'refund', 'refund-returned')),
        drop constraint disputes_move_their_money,
        drop dispute_id;
      drop table disputes;
    `);
  }
}
