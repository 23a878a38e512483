import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The money of disputes is compared with the provider's, too. */
export class ReconciledDisputes1767000000031 implements MigrationInterface {
  name = 'ReconciledDisputes1767000000031';

  async up(runner: QueryRunner): Promise<void> {
    await this.changeSubjects(runner, ['payment', 'refund', 'dispute', 'movement']);
    const { jobs } = await rolesOf(runner);
    await runner.query(`grant select (id, order_id, provider_dispute_id, currency) on disputes to ${jobs}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { jobs } = await rolesOf(runner);
    await runner.query(`revoke select (id, order_id, provider_dispute_id, currency) on disputes from ${jobs}`);
    await runner.query(`delete from reconciliation_differences where about = 'dispute'`);
    await this.changeSubjects(runner, ['payment', 'refund', 'movement']);
  }

  private async changeSubjects(runner: QueryRunner, subjects: readonly string[]): Promise<void> {
    await runner.query(`
      alter table reconciliation_differences
        drop constraint reconciliation_differences_about_check,
        add constraint reconciliation_differences_about_check check (about in ('${subjects.join("', '")}'))`);
  }
}
