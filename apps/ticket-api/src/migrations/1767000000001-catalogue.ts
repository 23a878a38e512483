import { openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events and what they sell. Stock lives in counters, apart from the types that draw on them. */
export class Catalogue1767000000001 implements MigrationInterface {
  name = 'Catalogue1767000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table events (
        id uuid not null unique,
        tenant_id uuid not null references organizations,
        title text not null,
        description text,
        status text not null default 'draft' check (status in ('draft', 'published', 'cancelled')),
        venue_name text not null,
        venue_address text,
        venue_city text,
        venue_country text,
        venue_latitude double precision,
        venue_longitude double precision,
        starts_at timestamptz not null,
        ends_at timestamptz not null check (ends_at > starts_at),
        timezone text not null,
        refundable_until timestamptz not null,
        -- A cancelled event whose orders are not all ended or refunded has none yet.
        orders_ended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id)
      );
      create index on events (starts_at, id) where status = 'published';
      create index on events (id) where status = 'cancelled' and orders_ended_at is null;

      create table stock_counters (
        id uuid not null unique,
        tenant_id uuid not null,
        event_id uuid not null,
        capacity bigint not null,
        taken bigint not null default 0,
        primary key (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        constraint never_oversold check (taken >= 0 and taken <= capacity)
      ) with (fillfactor = 50);
      create index on stock_counters (event_id);

      create table ticket_types (
        id uuid not null unique,
        tenant_id uuid not null,
        event_id uuid not null,
        counter_id uuid not null,
        name text not null,
        price bigint not null check (price >= 0),
        currency text not null,
        max_per_order int not null check (max_per_order > 0),
        max_per_buyer int check (max_per_buyer > 0),
        sales_start_at timestamptz,
        sales_end_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        foreign key (tenant_id, counter_id) references stock_counters (tenant_id, id)
      );
      create index on ticket_types (event_id);
    `);
    for (const table of ['events', 'stock_counters', 'ticket_types']) {
      await protectTenantTable(runner, table);
      await openJobDoor(runner, table, 'select');
    }
    await openReadDoor(runner, 'events', 'public', `status <> 'draft'`);
    for (const table of ['stock_counters', 'ticket_types']) {
      await openReadDoor(
        runner,
        table,
        'public',
        `exists (select from events where events.id = ${table}.event_id and events.status <> 'draft')`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ticket_types, stock_counters, events');
  }
}
