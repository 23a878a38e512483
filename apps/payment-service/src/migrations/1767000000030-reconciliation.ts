import { openJobDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is compared with the provider, when, and what differed. Runs concern the whole account and have no tenant. A
 * difference has the tenant of its payment; one that belongs to nobody of ours is seen by the job role alone.
 */
export class Reconciliation1767000000030 implements MigrationInterface {
  name = 'Reconciliation1767000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When the provider was last asked for an open session.
      alter table payments add asked_at timestamptz;
      create index on payments ((coalesce(asked_at, created_at))) where status = 'open';
      -- When the provider was last found to have the same, to the cent.
      alter table payments add compared_at timestamptz;
      alter table refunds add compared_at timestamptz;
      create index on ledger_transfers using brin (created_at);

      create table reconciliation_runs (
        id uuid primary key default gen_random_uuid(),
        kind text not null check (kind in ('pending', 'ledger')),
        window_from timestamptz,
        window_to timestamptz,
        step text,
        -- Where the step goes on.
        cursor text,
        looked_at bigint not null default 0,
        failures int not null default 0,
        due_at timestamptz not null default now(),
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        constraint ledger_runs_have_a_window check (kind = 'pending' or window_from < window_to and step is not null)
      );
      create unique index one_line_for_pending_payments on reconciliation_runs (kind) where kind = 'pending';
      create unique index one_run_per_window on reconciliation_runs (window_to) where kind = 'ledger';

      create table reconciliation_differences (
        id uuid primary key,
        tenant_id uuid,
        kind text not null,
        about text not null check (about in ('payment', 'refund', 'movement')),
        -- The provider's id of it: payment intent, refund, else balance transaction; ours when it bears none.
        subject text not null,
        order_id uuid,
        payment_id uuid,
        refund_id uuid,
        provider_amount bigint,
        provider_currency text,
        booked_amount bigint,
        booked_currency text,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        -- When the log told of it.
        told_at timestamptz,
        repaired_at timestamptz,
        repair text check (repair in ('provider-news', 'found-equal', 'by-a-person')),
        constraint repairs_have_a_time check ((repaired_at is null) = (repair is null))
      );
      -- One line per subject while it is open, and for ever once a person has settled it.
      create unique index one_open_difference on reconciliation_differences (subject)
        where repaired_at is null or repair = 'by-a-person';
      create index on reconciliation_differences (tenant_id, id);
    `);
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`grant update (asked_at, compared_at) on payments to ${jobs}`);
    await runner.query(`grant update (compared_at) on refunds to ${jobs}`);
    await runner.query(`grant select on reconciliation_runs to ${app}`);
    await runner.query(`grant select, insert, update on reconciliation_runs to ${jobs}`);
    await protectTenantTable(runner, 'reconciliation_differences', 'select, insert, update');
    await openJobDoor(runner, 'reconciliation_differences', 'select, insert, update');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reconciliation_differences, reconciliation_runs');
    await runner.query('drop index ledger_transfers_created_at_idx');
    await runner.query('alter table payments drop asked_at, drop compared_at');
    await runner.query('alter table refunds drop compared_at');
  }
}
