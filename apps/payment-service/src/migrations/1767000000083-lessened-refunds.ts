import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A refund that was asked for when somebody had given back part of the payment in the provider's dashboard already:
 * `lessened` is what of it the provider is not asked for, because those refunds are it (part of `covered`). And the names
 * of the provider's refunds that are known to have failed before anything else was heard of them.
 */
export class LessenedRefunds1767000000083 implements MigrationInterface {
  name = 'LessenedRefunds1767000000083';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table refunds
        add lessened bigint not null default 0,
        add constraint lessened_by_what_covers check (lessened between 0 and covered);
      alter table payments add failed_refunds text[] not null default '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table refunds drop lessened; alter table payments drop failed_refunds;`);
  }
}
