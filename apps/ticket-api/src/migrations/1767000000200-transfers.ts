import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tickets that their holders offer to an e-mail. A ticket that stops being valid ends its open offer in the same statement, whoever
 * makes it void, freezes it or admits with it; the timer tells of that end afterwards (`told_at`).
 */
export class Transfers1767000000200 implements MigrationInterface {
  name = 'Transfers1767000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table events add transfers_allowed boolean not null default true;
      create table transfers (
        id uuid not null unique,
        tenant_id uuid not null,
        ticket_id uuid not null,
        event_id uuid not null,
        from_user uuid not null references users,
        -- None when its person was erased.
        to_email text check (to_email = lower(to_email)),
        to_user uuid references users,
        -- Of the ticket when it was offered: another one, and the offer is of a ticket that is no more.
        holder_version int not null,
        status text not null default 'pending' check (status in ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
        reason text,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        told_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id),
        check ((status = 'pending') = (ended_at is null)),
        check ((status = 'accepted') = (to_user is not null)),
        check ((status in ('declined', 'withdrawn', 'expired')) = (reason is not null))
      );
      create unique index one_pending_transfer on transfers (tenant_id, ticket_id) where status = 'pending';
      create index on transfers (ticket_id, id);
      create index on transfers (from_user, id);
      create index on transfers (to_email, id);
      create index on transfers (to_user, id);
      create index on transfers (expires_at) where status = 'pending';
      create index on transfers (id) where status <> 'pending' and told_at is null;
    `);
    await protectTenantTable(runner, 'transfers');
    const columns = 'id, tenant_id, from_user, to_email, to_user, status, expires_at, told_at';
    await openJobDoor(runner, 'transfers', `select (${columns}), update (to_email, status, reason, ended_at)`);
    const proven = `select users.email from users where users.id = ${CURRENT_USER_ID} and users.email_verified_at is not null`;
    await openReadDoor(
      runner,
      'transfers',
      'person',
      `from_user = ${CURRENT_USER_ID} or to_user = ${CURRENT_USER_ID} or to_email = (${proven})`,
    );
    // With the rights of whoever changes the ticket.
    await runner.query(`
      create function end_offer_of_ticket() returns trigger language plpgsql as $$
      begin
        update public.transfers set status = 'withdrawn', ended_at = now(),
          reason = 'ticket-' || replace(new.status, '_', '-')
        where tenant_id = new.tenant_id and ticket_id = new.id and status = 'pending';
        return null;
      end $$;
      revoke all on function end_offer_of_ticket() from public;
      create trigger ends_offer after update of status on tickets for each row
        when (old.status = 'valid' and new.status <> 'valid') execute function end_offer_of_ticket();
    `);
    await this.addFunctions(runner);
  }

  private async addFunctions(runner: QueryRunner): Promise<void> {
    const { app, jobs, code } = await rolesOf(runner);
    await runner.query(`grant select (email_verified_at) on users to ${jobs}`);
    const settings = 'security definer set search_path = pg_catalog, public, pg_temp';
    // Self is who made the offer, who took it, and whoever has the e-mail that it is for.
    await runner.query(`
      create function locate_transfer(wanted uuid, caller uuid)
        returns table (tenant_id uuid, is_public boolean, is_self boolean, role text, is_suspended boolean)
        language sql stable ${settings} as $$
        select x.tenant_id, false,
          caller in (x.from_user, x.to_user) or exists (select from users u where u.id = caller and u.email = x.to_email),
          (select m.role from members m where m.tenant_id = x.tenant_id and m.user_id = caller),
          (select o.suspended_at is not null from organizations o where o.tenant_id = x.tenant_id)
        from transfers x where x.id = wanted $$`);
    // Of a ticket self is also who bought it.
    await runner.query(`
      create function locate_history(wanted uuid, caller uuid)
        returns table (tenant_id uuid, is_public boolean, is_self boolean, role text, is_suspended boolean)
        language sql stable ${settings} as $$
        select t.tenant_id, false,
          t.holder_id = caller or exists (select from orders o where o.tenant_id = t.tenant_id and o.id = t.order_id and o.user_id = caller),
          (select m.role from members m where m.tenant_id = t.tenant_id and m.user_id = caller),
          (select o.suspended_at is not null from organizations o where o.tenant_id = t.tenant_id)
        from tickets t where t.id = wanted $$`);
    // While the account still has its e-mail. What was offered to an address that nobody has proven stays the address's.
    await runner.query(`
      create function erase_transfers(person uuid) returns void language sql ${settings} as $$
        update transfers set status = 'withdrawn', reason = 'account-erased', ended_at = now()
        where status = 'pending' and (from_user = person
          or to_email = (select u.email from users u where u.id = person and u.email_verified_at is not null));
        update transfers set to_email = null where to_email is not null and (to_user = person
          or to_email = (select u.email from users u where u.id = person and u.email_verified_at is not null)) $$`);
    await runner.query(`grant create on schema public to ${code}`);
    for (const name of ['locate_transfer(uuid, uuid)', 'locate_history(uuid, uuid)', 'erase_transfers(uuid)']) {
      await runner.query(`alter function ${name} owner to ${code}`);
      await runner.query(`revoke all on function ${name} from public`);
      await runner.query(`grant execute on function ${name} to ${app}`);
    }
    await runner.query(`revoke create on schema public from ${code}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { jobs } = await rolesOf(runner);
    await runner.query(`
      drop trigger ends_offer on tickets;
      drop function end_offer_of_ticket(), locate_transfer(uuid, uuid), locate_history(uuid, uuid), erase_transfers(uuid);
      drop table transfers;
      alter table events drop transfers_allowed;
      revoke select (email_verified_at) on users from ${jobs};
    `);
  }
}
