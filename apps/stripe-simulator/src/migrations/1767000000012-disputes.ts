import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rolesOf } from '@app/persistence';

/** Disputes, at most one for each charge. */
export class Disputes1767000000012 implements MigrationInterface {
  name = 'Disputes1767000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table charge add disputed boolean not null default false');
    await runner.query(
      `create table dispute (
         seq bigint generated always as identity unique,
         id text primary key,
         created bigint not null default unix_now(),
         amount bigint not null check (amount > 0),
         currency text not null check (currency ~ '^[a-z]{3}$'),
         charge text not null unique references charge,
         payment_intent text not null references payment_intent,
         status text not null default 'needs_response' check (status in ('needs_response', 'won', 'lost')),
         reason text not null,
         due_by bigint not null
       )`,
    );
    const { app } = await rolesOf(runner);
    await runner.query(`grant select, insert, update on dispute to ${app}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dispute');
    await runner.query('alter table charge drop disputed');
  }
}
