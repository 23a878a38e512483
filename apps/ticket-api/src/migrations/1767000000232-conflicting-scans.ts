import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Scans by which a gate without network let somebody in who should not have come in. Which of several admissions of a
 * ticket counts can change when an earlier one is told later: then the row says so. `remark` tells what was wrong with a
 * scan that counts all the same.
 */
export class ConflictingScans1767000000232 implements MigrationInterface {
  name = 'ConflictingScans1767000000232';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      alter table gate_scans
        drop constraint gate_scans_result_check,
        drop constraint gate_scans_of_a_ticket,
        drop constraint gate_scans_say_why,
        add remark text,
        add constraint gate_scans_result_check
          check (result in ('admitted', 'readmitted', 'refused', 'left', 'undone', 'conflict')),
        add constraint gate_scans_of_a_ticket check (ticket_id is not null or result in ('refused', 'conflict')),
        add constraint gate_scans_say_why check (reason is not null or result not in ('refused', 'undone', 'conflict'));
      create index gate_scans_to_look_into on gate_scans (event_id, (coalesce(ticket_id, id)))
        where result = 'conflict' or remark is not null;
      create index gate_scans_of_no_ticket on gate_scans (recorded_at) where result = 'conflict' and ticket_id is null;
      grant update (result, reason) on gate_scans to ${app};

      -- Whether a movement counts may change, that somebody moved may not; refusals and undoings stay as they are.
      create function movement_stays() returns trigger language plpgsql as $$
      begin
        if not (case old.result
          when 'admitted' then new.result in ('admitted', 'readmitted', 'conflict')
          when 'readmitted' then new.result in ('admitted', 'readmitted', 'conflict')
          when 'left' then new.result in ('left', 'conflict')
          when 'conflict' then new.result in ('admitted', 'readmitted', 'left', 'conflict')
          else false end)
        then
          raise insufficient_privilege using message = 'permission denied: a scan that was ' || old.result || ' stays so';
        end if;
        return new;
      end $$;
      create trigger movement_stays before update of result, reason on gate_scans for each row execute function movement_stays();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      revoke update (result, reason) on gate_scans from ${app};
      drop trigger movement_stays on gate_scans;
      drop function movement_stays();
      drop index gate_scans_of_no_ticket;
      drop index gate_scans_to_look_into;
      delete from gate_scans where result = 'conflict';
      alter table gate_scans
        drop constraint gate_scans_result_check,
        drop constraint gate_scans_of_a_ticket,
        drop constraint gate_scans_say_why,
        drop remark,
        add constraint gate_scans_result_check check (result in ('admitted', 'readmitted', 'refused', 'left', 'undone')),
        add constraint gate_scans_of_a_ticket check (ticket_id is not null or result = 'refused'),
        add constraint gate_scans_say_why check (reason is not null or result not in ('refused', 'undone'));
    `);
  }
}
