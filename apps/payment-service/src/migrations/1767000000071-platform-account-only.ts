import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every call to the provider is made as the platform's own account. Until it is decided how money gets to a connected one
 * (docs/decisions/0016), no organization can have one: its money would silently go to the platform.
 */
export class PlatformAccountOnly1767000000071 implements MigrationInterface {
  name = 'PlatformAccountOnly1767000000071';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table payment_accounts add constraint platform_account_only check (provider_account_id is null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payment_accounts drop constraint platform_account_only');
  }
}
