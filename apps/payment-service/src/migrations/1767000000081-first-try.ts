import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the provider was first asked for a refund, since a person last took it up: only from then on does it keep anybody waiting. */
export class FirstTry1767000000081 implements MigrationInterface {
  name = 'FirstTry1767000000081';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds add first_tried_at timestamptz');
    const { jobs } = await rolesOf(runner);
    await runner.query(`grant update (first_tried_at) on refunds to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds drop first_tried_at');
  }
}
