import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails of which one act causes thousands are sent when no other is due. */
export class BulkMails1767000000070 implements MigrationInterface {
  name = 'BulkMails1767000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table mails add bulk boolean not null default false;
      create index on mails (bulk, next_attempt_at) where status = 'queued';
      drop index mails_next_attempt_at_idx;
    `);
    const { jobs } = await rolesOf(runner);
    await runner.query(`grant select (bulk) on mails to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`create index on mails (next_attempt_at) where status = 'queued'`);
    await runner.query('alter table mails drop bulk');
  }
}
