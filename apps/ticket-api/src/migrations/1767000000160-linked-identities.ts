import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An identity of another issuer may lead to an account of ours. Its person names it by an id, to unlink it. */
export class LinkedIdentities1767000000160 implements MigrationInterface {
  name = 'LinkedIdentities1767000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table external_identities add id uuid not null unique default gen_random_uuid()');
  }

  async down(runner: QueryRunner): Promise<void> {
    // Without links an identity has an account of its own, which it gets at its next request.
    await runner.query(`
      delete from external_identities i using users u where u.id = i.user_id and not u.external and i.issuer is not null;
      alter table external_identities drop id;
    `);
  }
}
