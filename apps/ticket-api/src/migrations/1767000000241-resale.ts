import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tickets that their buyers gave back for resale: `listed` admits nobody, and its unit is back in the stock. A ticket that stops
 * being listed ends its listing in the same statement, whoever makes it void, unless the listing has ended otherwise before.
 */
export class Resale1767000000241 implements MigrationInterface {
  name = 'Resale1767000000241';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table tickets drop constraint tickets_status_check;
      alter table tickets add constraint tickets_status_check
        check (status in ('valid', 'checked_in', 'void', 'frozen', 'listed')) not valid;
      create table listings (
        id uuid not null unique,
        tenant_id uuid not null,
        ticket_id uuid not null,
        order_id uuid not null,
        event_id uuid not null,
        ticket_type_id uuid not null,
        counter_id uuid not null,
        -- What was paid for the ticket, in the order's currency.
        price bigint not null check (price > 0),
        status text not null default 'listed' check (status in ('listed', 'sold', 'withdrawn', 'returned', 'ended')),
        -- The order in which listings are sold: given under the lock of the counter.
        place bigint generated always as identity,
        listed_at timestamptz not null default now(),
        ended_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
        foreign key (tenant_id, order_id) references orders (tenant_id, id),
        foreign key (tenant_id, counter_id) references stock_counters (tenant_id, id),
        check ((status = 'listed') = (ended_at is null))
      );
      create unique index listed_once on listings (tenant_id, ticket_id) where status = 'listed';
      create index listed on listings (counter_id, place) where status = 'listed';
      create index on listings (ticket_id, id);
      create index on listings (order_id);

      create function end_listing_of_ticket() returns trigger language plpgsql as $$
      begin
        update public.listings set status = 'ended', ended_at = now()
        where tenant_id = new.tenant_id and ticket_id = new.id and status = 'listed';
        return null;
      end $$;
      revoke all on function end_listing_of_ticket() from public;
      create trigger ends_listing after update of status on tickets for each row
        when (old.status = 'listed' and new.status <> 'listed') execute function end_listing_of_ticket();
    `);
    await protectTenantTable(runner, 'listings', 'select, insert, update');
    await openJobDoor(runner, 'listings', 'select (tenant_id, event_id, ticket_type_id, counter_id, price, status)');
    await openReadDoor(
      runner,
      'listings',
      'person',
      `exists (select from orders where orders.tenant_id = listings.tenant_id and orders.id = listings.order_id
        and orders.user_id = ${CURRENT_USER_ID})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger ends_listing on tickets;
      drop function end_listing_of_ticket();
      drop table listings;
      alter table tickets drop constraint tickets_status_check;
      alter table tickets add constraint tickets_status_check check (status in ('valid', 'checked_in', 'void', 'frozen'));
    `);
  }
}
