import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each event has keys of its own that its codes are signed with, one after another: `code_generation` signs, codes of
 * those before `oldest_code_generation` are refused.
 */
export class CodeGenerations1767000000180 implements MigrationInterface {
  name = 'CodeGenerations1767000000180';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table events
        add code_generation smallint not null default 1 check (code_generation <= 255),
        add oldest_code_generation smallint not null default 1 check (oldest_code_generation >= 1),
        add constraint a_key_signs_whose_codes_count check (oldest_code_generation <= code_generation);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table events drop code_generation, drop oldest_code_generation');
  }
}
