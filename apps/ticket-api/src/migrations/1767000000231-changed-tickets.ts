import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which transaction changed a ticket last: what changed since a manifest was read is asked for by it. A time would miss
 * what a transaction changes that began before the manifest was read and commits after it; here such a one is known by the
 * oldest that was still running. No index: a ticket's updates stay on its page, and a delta reads the tickets of one event.
 */
export class ChangedTickets1767000000231 implements MigrationInterface {
  name = 'ChangedTickets1767000000231';

  async up(runner: QueryRunner): Promise<void> {
    // A constant first, which rewrites no table: whoever reads a manifest from now on has seen these tickets.
    await runner.query(`
      alter table tickets add changed_in xid8 not null default '0';
      alter table tickets alter changed_in set default pg_current_xact_id();
      create function note_changed_ticket() returns trigger language plpgsql as $$
      begin
        new.changed_in := pg_current_xact_id();
        return new;
      end $$;
      create trigger note_changed_ticket before update on tickets for each row execute function note_changed_ticket();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger note_changed_ticket on tickets;
      drop function note_changed_ticket();
      alter table tickets drop changed_in;
    `);
  }
}
