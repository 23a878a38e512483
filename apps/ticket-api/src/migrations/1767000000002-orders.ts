import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders, their lines, their tickets, what was refunded, and the answers that a repeated request gets again. */
export class Orders1767000000002 implements MigrationInterface {
  name = 'Orders1767000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table orders (
        id uuid not null unique,
        tenant_id uuid not null,
        event_id uuid not null,
        user_id uuid not null references users,
        status text not null check (status in ('pending', 'confirmed', 'expired', 'cancelled', 'refunded')),
        reason text,
        total bigint not null check (total >= 0),
        currency text not null,
        refunded bigint not null default 0 check (refunded >= 0),
        refund_pending bigint not null default 0 check (refund_pending >= 0),
        confirmed_how text check (confirmed_how in ('paid', 'free', 'desk')),
        payment_id uuid,
        payment_opened_at timestamptz,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        check ((status = 'confirmed') <= (confirmed_how is not null))
      );
      create index on orders (user_id, id);
      create index on orders (event_id, user_id);
      create index on orders (expires_at) where status = 'pending';

      create table order_items (
        tenant_id uuid not null,
        order_id uuid not null,
        ticket_type_id uuid not null,
        counter_id uuid not null,
        name text not null,
        quantity int not null check (quantity > 0),
        unit_price bigint not null check (unit_price >= 0),
        returned int not null default 0 check (returned >= 0 and returned <= quantity),
        primary key (tenant_id, order_id, ticket_type_id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id),
        foreign key (tenant_id, ticket_type_id) references ticket_types (tenant_id, id),
        foreign key (tenant_id, counter_id) references stock_counters (tenant_id, id)
      );

      create table tickets (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        event_id uuid not null,
        ticket_type_id uuid not null,
        holder_id uuid not null references users,
        status text not null default 'valid' check (status in ('valid', 'checked_in', 'void', 'frozen')),
        number bigint generated always as identity (start with 100000001) unique,
        holder_version int not null default 1,
        unit_price bigint not null check (unit_price >= 0),
        refund_id uuid,
        checked_in_at timestamptz,
        gate text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        foreign key (tenant_id, order_id, ticket_type_id) references order_items (tenant_id, order_id, ticket_type_id),
        check (status <> 'checked_in' or checked_in_at is not null)
      );
      create index on tickets (order_id);
      create index on tickets (holder_id, id);
      create index on tickets (event_id, id);

      create table refunds (
        id uuid not null unique,
        tenant_id uuid not null,
        order_id uuid not null,
        payment_id uuid,
        amount bigint not null check (amount >= 0),
        reason text not null,
        status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id)
      );
      create index on refunds (order_id);
      -- Money that bought nothing goes back once per payment.
      create unique index on refunds (tenant_id, payment_id) where payment_id is not null;

      create table scans (
        tenant_id uuid not null,
        scan_id text not null,
        ticket_id uuid not null,
        gate text,
        checked_in_at timestamptz not null,
        primary key (tenant_id, scan_id),
        foreign key (tenant_id, ticket_id) references tickets (tenant_id, id)
      );

      create table idempotency_keys (
        tenant_id uuid not null,
        caller_id uuid not null references users,
        key text not null,
        fingerprint bytea not null,
        status int not null,
        body json not null,
        created_at timestamptz not null default now(),
        primary key (caller_id, key)
      );
      create index on idempotency_keys (created_at);
    `);
    for (const table of ['orders', 'order_items', 'tickets', 'refunds', 'scans', 'idempotency_keys'])
      await protectTenantTable(runner, table);
    await openJobDoor(runner, 'orders', 'select');
    await openJobDoor(runner, 'tickets', 'select');
    await openJobDoor(runner, 'idempotency_keys', 'select (created_at), delete');

    await openReadDoor(runner, 'orders', 'person', `user_id = ${CURRENT_USER_ID}`);
    await openReadDoor(
      runner,
      'order_items',
      'person',
      `exists (select from orders where orders.tenant_id = order_items.tenant_id and orders.id = order_items.order_id and orders.user_id = ${CURRENT_USER_ID})`,
    );
    // The holder's tickets, and the buyer's: an order shows them also after they were handed on.
    await openReadDoor(
      runner,
      'tickets',
      'person',
      `holder_id = ${CURRENT_USER_ID} or exists (select from orders where orders.tenant_id = tickets.tenant_id and orders.id = tickets.order_id and orders.user_id = ${CURRENT_USER_ID})`,
    );
    await openReadDoor(runner, 'idempotency_keys', 'person', `caller_id = ${CURRENT_USER_ID}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys, scans, refunds, tickets, order_items, orders');
  }
}
