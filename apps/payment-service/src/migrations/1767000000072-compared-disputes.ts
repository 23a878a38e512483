import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the provider was last found to have a dispute's money the same, to the cent: what is booked and was not met there is asked for. */
export class ComparedDisputes1767000000072 implements MigrationInterface {
  name = 'ComparedDisputes1767000000072';

  async up(runner: QueryRunner): Promise<void> {
    const { jobs } = await rolesOf(runner);
    await runner.query('alter table disputes add compared_at timestamptz');
    await runner.query(`grant select (compared_at), update (compared_at) on disputes to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table disputes drop compared_at');
  }
}
