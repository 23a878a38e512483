import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every scan that was judged, admitted or not, is a row of `gate_scans`, which was `scans`. A replica of the release before
 * knows admissions by their scan id alone: to it `scans` is a view of those that are in force, so that it never takes a
 * refusal, a checkout or what was undone for an admission.
 */
export class ScanLog1767000000190 implements MigrationInterface {
  name = 'ScanLog1767000000190';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    // No foreign keys to events and users: each scan of an event would lock the same row of them.
    await runner.query(`
      alter table scans rename to gate_scans;
      alter table gate_scans rename column checked_in_at to scanned_at;
      alter table gate_scans
        drop constraint scans_pkey,
        alter scan_id drop not null,
        alter ticket_id drop not null,
        alter scanned_at set default now(),
        add id uuid not null default gen_random_uuid(),
        add event_id uuid,
        add device_id text,
        add result text not null default 'admitted'
          check (result in ('admitted', 'readmitted', 'refused', 'left', 'undone')),
        add reason text,
        add recorded_at timestamptz not null default now(),
        add undone_at timestamptz,
        add by_user uuid,
        add by_key uuid;
      update gate_scans s set event_id = t.event_id, recorded_at = s.scanned_at
        from tickets t where t.tenant_id = s.tenant_id and t.id = s.ticket_id;
      alter table gate_scans
        alter event_id set not null,
        add primary key (tenant_id, id),
        add constraint gate_scans_of_a_ticket check (ticket_id is not null or result = 'refused'),
        add constraint gate_scans_say_why check (reason is not null or result not in ('refused', 'undone')),
        add constraint gate_scans_by_one check (by_user is null or by_key is null);
      -- A scan id is taken by whatever had an effect; a refusal is judged anew when it is sent again. It stands first: a plan
      -- made while the table is empty would walk through all scans of the tenant.
      create unique index gate_scans_scan_id on gate_scans (scan_id, tenant_id) where scan_id is not null and result <> 'refused';
      -- A ticket admits once, until that is undone.
      create unique index gate_scans_in_force on gate_scans (tenant_id, ticket_id) where result = 'admitted' and undone_at is null;
      create index gate_scans_of_ticket on gate_scans (ticket_id, recorded_at, id) where ticket_id is not null;
      create index gate_scans_of_event on gate_scans (event_id, recorded_at, id);
      create index gate_scans_by_user on gate_scans (by_user, recorded_at) where by_user is not null;
      create index gate_scans_refused on gate_scans (event_id) where result = 'refused';
      create index gate_scans_kept_for_a_time on gate_scans (recorded_at) where result = 'refused';

      create function event_of_scan() returns trigger language plpgsql as $$
      begin
        new.event_id := (select t.event_id from tickets t where t.tenant_id = new.tenant_id and t.id = new.ticket_id);
        return new;
      end $$;
      create trigger event_of_scan before insert on gate_scans for each row when (new.event_id is null)
        execute function event_of_scan();

      create view scans with (security_invoker = true) as
        select tenant_id, scan_id, ticket_id, gate, scanned_at as checked_in_at from gate_scans
        where result in ('admitted', 'readmitted') and undone_at is null and scan_id is not null;
      grant select, insert on scans to ${app};
    `);
    // What was judged stays as it is, but that it was undone.
    await runner.query(`
      drop policy tenant on gate_scans;
      revoke all on gate_scans from ${app};
    `);
    await protectTenantTable(runner, 'gate_scans', 'select, insert, update (undone_at)');
    await openReadDoor(
      runner,
      'gate_scans',
      'person',
      `by_user = ${CURRENT_USER_ID} or exists (select from tickets where tickets.tenant_id = gate_scans.tenant_id
        and tickets.id = gate_scans.ticket_id and tickets.holder_id = ${CURRENT_USER_ID})`,
    );
    await openJobDoor(runner, 'gate_scans', 'select (tenant_id, id, ticket_id, result, recorded_at), delete');
  }

  async down(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      drop view scans;
      drop trigger event_of_scan on gate_scans;
      drop function event_of_scan();
      delete from gate_scans where scan_id is null or undone_at is not null or result not in ('admitted', 'readmitted');
      drop policy jobs on gate_scans;
      drop policy person on gate_scans;
      drop policy tenant on gate_scans;
      revoke all on gate_scans from ${app};
      alter table gate_scans
        drop constraint gate_scans_pkey,
        drop id, drop event_id, drop device_id, drop result, drop reason, drop recorded_at, drop undone_at, drop by_user, drop by_key;
      alter table gate_scans rename column scanned_at to checked_in_at;
      alter table gate_scans alter checked_in_at drop default, add constraint scans_pkey primary key (tenant_id, scan_id), alter ticket_id set not null;
      alter table gate_scans rename to scans;
    `);
    await protectTenantTable(runner, 'scans');
  }
}
