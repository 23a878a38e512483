import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rolesOf } from '@app/persistence';

/**
 * Columns bear the names of Stripe's fields; times are Unix seconds of the database's clock, amounts are in Stripe's
 * smallest unit, and `seq` is the order in which lists are paged.
 */
export class StripeObjects1767000000000 implements MigrationInterface {
  name = 'StripeObjects1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create function unix_now() returns bigint language sql stable
       return floor(extract(epoch from now()))::bigint`,
    );
    for (const table of Object.values(TABLES)) await runner.query(table);
    await runner.query(`create index on checkout_session (expires_at) where status = 'open'`);
    await runner.query(`create unique index one_success_each on charge (payment_intent) where status = 'succeeded'`);
    await runner.query(`create index on refund (payment_intent)`);
    await runner.query(`create index on balance_transaction (source)`);
    const { app } = await rolesOf(runner);
    for (const table of Object.keys(TABLES)) await runner.query(`grant select, insert, update on ${table} to ${app}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES).reverse()) await runner.query(`drop table ${table}`);
    await runner.query('drop function unix_now()');
  }
}

const OBJECT = `
  seq bigint generated always as identity unique,
  id text primary key,
  created bigint not null default unix_now(),`;

const MONEY = `
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),`;

const TABLES = {
  payment_intent: `create table payment_intent (${OBJECT} ${MONEY}
    status text not null check (status in ('requires_payment_method', 'processing', 'succeeded')),
    amount_received bigint not null default 0 check (amount_received in (0, amount)),
    client_secret text not null,
    description text,
    receipt_email text,
    metadata jsonb not null,
    allowed_payment_method_types jsonb,
    last_payment_error jsonb,
    latest_charge text,
    check ((status = 'succeeded') = (amount_received = amount))
  )`,
  checkout_session: `create table checkout_session (${OBJECT}
    expires_at bigint not null,
    status text not null default 'open' check (status in ('open', 'complete', 'expired')),
    payment_status text not null default 'unpaid' check (payment_status in ('unpaid', 'paid')),
    amount_total bigint not null check (amount_total > 0),
    currency text not null check (currency ~ '^[a-z]{3}$'),
    client_reference_id text,
    customer_email text,
    locale text,
    submit_type text,
    success_url text not null,
    cancel_url text,
    metadata jsonb not null,
    line_items jsonb not null,
    payment_intent_data jsonb not null,
    allowed_payment_method_types jsonb,
    payment_intent text unique references payment_intent,
    check (payment_status = 'unpaid' or (status = 'complete' and payment_intent is not null))
  )`,
  charge: `create table charge (${OBJECT} ${MONEY}
    payment_intent text not null references payment_intent,
    status text not null check (status in ('succeeded', 'failed')),
    amount_refunded bigint not null default 0,
    failure_code text,
    failure_message text,
    description text,
    receipt_email text,
    metadata jsonb not null,
    balance_transaction text,
    check (amount_refunded between 0 and amount),
    check (status = 'succeeded' or amount_refunded = 0)
  )`,
  refund: `create table refund (${OBJECT} ${MONEY}
    charge text not null references charge,
    payment_intent text not null references payment_intent,
    status text not null check (status in ('succeeded')),
    reason text,
    metadata jsonb not null,
    balance_transaction text
  )`,
  balance_transaction: `create table balance_transaction (${OBJECT}
    amount bigint not null,
    currency text not null check (currency ~ '^[a-z]{3}$'),
    type text not null check (type in ('charge', 'refund')),
    source text not null unique,
    available_on bigint not null,
    description text,
    check (case type when 'charge' then amount > 0 else amount < 0 end)
  )`,
};
