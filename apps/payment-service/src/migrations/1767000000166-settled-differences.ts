import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has settled a difference that belongs to no tenant, and what became of it. Closed by hand in the database, it has neither. */
export class SettledDifferences1767000000166 implements MigrationInterface {
  name = 'SettledDifferences1767000000166';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reconciliation_differences add settled_by uuid, add note text,
        add constraint settlements_are_told check ((settled_by is null) = (note is null)),
        add constraint settlements_are_by_a_person check (settled_by is null or repair = 'by-a-person')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table reconciliation_differences drop settled_by, drop note');
  }
}
