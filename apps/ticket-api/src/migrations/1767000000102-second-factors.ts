import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors (RFC 6238) and the codes for the day when they are lost. */
export class SecondFactors1767000000102 implements MigrationInterface {
  name = 'SecondFactors1767000000102';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      create table second_factors (
        user_id uuid primary key references users on delete cascade,
        -- Encrypted for this user alone: whoever reads the database makes no codes of it.
        secret bytea not null,
        -- Not demanded until then.
        confirmed_at timestamptz,
        -- Of the last code that was accepted: none counts twice.
        last_step bigint not null default 0,
        created_at timestamptz not null default now()
      );
      create table recovery_codes (
        code_hash bytea primary key,
        user_id uuid not null references second_factors on delete cascade
      );
      create index on recovery_codes (user_id);
      grant select, insert, update, delete on second_factors, recovery_codes to ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table recovery_codes, second_factors');
  }
}
