import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A refund that failed may be settled by refunds that somebody has made in the provider's dashboard. Its money is theirs
 * then: `covered` is what of it they are, `covers` what such a refund is of others. It is counted once. And the answers that
 * a repeated request gets again.
 */
export class Settlements1767000000080 implements MigrationInterface {
  name = 'Settlements1767000000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table refunds
        add covered bigint not null default 0,
        add covers bigint not null default 0,
        add covered_by text[] not null default '{}',
        add decided_by_name text not null default '',
        add constraint covered_within_refund check (covered between 0 and amount),
        add constraint covers_within_refund check (covers between 0 and amount);
      -- Those that a person has had tried again, among the many of a cancelled event.
      create index on refunds (tenant_id, status, id) where round > 0 and status in ('pending', 'succeeded');

      create table idempotency_keys (
        tenant_id uuid not null,
        caller_id uuid not null,
        key text not null,
        fingerprint bytea not null,
        status int not null,
        body json not null,
        created_at timestamptz not null default now(),
        primary key (caller_id, key)
      );
      create index on idempotency_keys (created_at);
    `);
    await runner.query(
      judge('amount - covered', 'or (select sum(covered) <> sum(covers) from refunds where payment_id = payment)'),
    );
    await protectTenantTable(runner, 'idempotency_keys', 'select, insert');
    await openJobDoor(runner, 'idempotency_keys', 'select (created_at), delete');
    // A key is its caller's at whatever organization.
    await openReadDoor(runner, 'idempotency_keys', 'person', `caller_id = ${CURRENT_USER_ID}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(judge('amount', ''));
    await runner.query(`
      drop table idempotency_keys;
      drop index refunds_tenant_id_status_id_idx1;
      alter table refunds drop covered, drop covers, drop covered_by, drop decided_by_name;
    `);
  }
}

/** @see RefundsWithinPayment1767000000061 */
const judge = (claim: string, further: string) => `
  create or replace function refunds_within_payment(payment uuid) returns void language plpgsql set search_path = pg_catalog, public as $$
  declare
    aside bigint;
    paid_in text;
  begin
    update payments set refunded_total = refunded_total where id = payment returning refunded_total, paid_currency into aside, paid_in;
    if not found or aside < (select coalesce(sum(${claim}), 0) from refunds where payment_id = payment and status <> 'failed')
      or exists (select from refunds where payment_id = payment and status <> 'failed' and currency is distinct from paid_in)
      ${further}
    then
      raise exception 'the refunds of payment % are more than it has put aside, or in another currency', payment
        using errcode = 'check_violation', constraint = 'refunds_within_payment';
    end if;
  end $$`;
