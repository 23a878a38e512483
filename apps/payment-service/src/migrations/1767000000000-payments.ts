import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is owed, the checkout sessions that were opened for it, and what goes back. Amounts are ISO 4217 minor units. */
export class Payments1767000000000 implements MigrationInterface {
  name = 'Payments1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- An order may be known by its end alone: messages come in any order.
      create table owed_orders (
        tenant_id uuid not null,
        order_id uuid not null unique,
        user_id uuid,
        buyer_email text,
        event_title text,
        items jsonb,
        total bigint check (total >= 0),
        currency text,
        expires_at timestamptz,
        closed_at timestamptz,
        correlation_id text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, order_id),
        constraint open_orders_are_known check (
          closed_at is not null or num_nulls(user_id, buyer_email, event_title, items, total, currency, expires_at) = 0
        )
      );
      create index on owed_orders (user_id);

      create table payments (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        user_id uuid not null,
        status text not null check (status in ('opening', 'open', 'succeeded', 'failed', 'expired', 'refused', 'review')),
        amount bigint not null check (amount > 0),
        currency text not null,
        correlation_id text not null,
        idempotency_key text not null unique,
        -- json keeps the order of the fields: a repeated request is the same to the letter.
        parameters json not null,
        session_id text unique,
        session_url text,
        payment_intent text unique,
        paid bigint not null default 0,
        paid_currency text,
        -- What was given back and what is on its way.
        refunded_total bigint not null default 0,
        -- When the session has to end, or to be looked at again.
        close_due_at timestamptz not null,
        close_attempts int not null default 0,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        paid_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, order_id) references owed_orders (tenant_id, order_id),
        constraint open_payments_have_a_session check (status <> 'open' or session_url is not null),
        constraint money_only_when_paid check (paid = 0 or (status in ('succeeded', 'review') and paid_currency is not null)),
        constraint success_is_what_was_owed check (status <> 'succeeded' or (paid = amount and paid_currency = currency)),
        constraint never_refund_more_than_paid check (refunded_total between 0 and paid)
      );
      create unique index one_active_payment_per_order on payments (order_id) where status in ('opening', 'open');
      create index on payments (order_id);
      create index on payments (user_id);
      create index on payments (close_due_at) where status in ('opening', 'open');

      create table refunds (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        payment_id uuid not null,
        user_id uuid not null,
        origin text not null check (origin in ('tickets-returned', 'unfulfillable', 'provider')),
        reason text not null,
        status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
        amount bigint not null check (amount > 0),
        currency text not null,
        correlation_id text not null,
        provider_refund_id text unique,
        failure text,
        attempts int not null default 0,
        due_at timestamptz not null default now(),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, payment_id) references payments (tenant_id, id),
        constraint failures_have_a_reason check ((status = 'failed') <= (failure is not null))
      );
      create index on refunds (order_id);
      create index on refunds (payment_id);
      create index on refunds (due_at) where status = 'pending';
    `);
    await protectTenantTable(runner, 'owed_orders', 'select, insert, update');
    await protectTenantTable(runner, 'payments', 'select, insert, update');
    await protectTenantTable(runner, 'refunds', 'select, insert, update');
    for (const table of ['owed_orders', 'payments', 'refunds'])
      await openReadDoor(runner, table, 'person', `user_id = ${CURRENT_USER_ID}`);
    await openJobDoor(runner, 'owed_orders', 'select (tenant_id, order_id)');
    await openJobDoor(runner, 'payments', 'select, update (close_due_at, close_attempts)');
    await openJobDoor(runner, 'refunds', 'select, update (due_at, attempts)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refunds, payments, owed_orders');
  }
}
