import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who waits for what is sold out. A counter knows how many units are waited for, so that whoever orders is judged by the row
 * that is locked anyway. What became of an offer its order tells.
 */
export class WaitingList1767000000240 implements MigrationInterface {
  name = 'WaitingList1767000000240';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table events
        add waiting_list boolean not null default false,
        add resale_allowed boolean not null default false;
      alter table stock_counters add awaited bigint not null default 0 constraint awaited_by_somebody check (awaited >= 0);
      -- Not of what is taken: that changes with every order, and the row is to stay on its page.
      create index awaited_counters on stock_counters (event_id) where awaited > 0;

      create table waiting_list_entries (
        id uuid not null unique,
        tenant_id uuid not null,
        event_id uuid not null,
        ticket_type_id uuid not null,
        counter_id uuid not null,
        user_id uuid not null references users,
        -- The order of arrival: given under the lock of the counter.
        place bigint generated always as identity,
        quantity int not null check (quantity > 0),
        status text not null default 'waiting' check (status in ('waiting', 'offered', 'left', 'ended')),
        reason text,
        -- Whether its quantity is part of what the counter has as awaited.
        counted boolean not null default true,
        -- Since when what comes back is saved up for it, which wants more than there was.
        saving_since timestamptz,
        order_id uuid,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        foreign key (tenant_id, ticket_type_id) references ticket_types (tenant_id, id),
        foreign key (tenant_id, counter_id) references stock_counters (tenant_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id),
        check ((status = 'offered') = (order_id is not null)),
        check ((status = 'waiting') = (ended_at is null)),
        check (status = 'waiting' or not counted)
      );
      create unique index waits_once on waiting_list_entries (tenant_id, ticket_type_id, user_id) where status = 'waiting';
      create index waiting_line on waiting_list_entries (event_id, place) where status = 'waiting';
      create index stepped_aside on waiting_list_entries (event_id) where status = 'waiting' and not counted;
      create index on waiting_list_entries (user_id, id);
      create index on waiting_list_entries (event_id, id);
    `);
    await protectTenantTable(runner, 'waiting_list_entries', 'select, insert, update');
    await openJobDoor(
      runner,
      'waiting_list_entries',
      'select (tenant_id, event_id, counter_id, user_id, quantity, status, counted)',
    );
    await openReadDoor(runner, 'waiting_list_entries', 'person', `user_id = ${CURRENT_USER_ID}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table waiting_list_entries;
      alter table stock_counters drop awaited;
      alter table events drop waiting_list, drop resale_allowed;
    `);
  }
}
