import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A password that is forgotten, and guesses at one account from everywhere. */
export class Passwords1767000000101 implements MigrationInterface {
  name = 'Passwords1767000000101';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      create table password_resets (
        token_hash bytea primary key,
        user_id uuid not null references users on delete cascade,
        email text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index on password_resets (user_id);
      create index on password_resets (expires_at);
      -- Networks (by their hash) from which a person has entered the own account: guesses from elsewhere do not slow them down.
      create table known_networks (
        user_id uuid not null references users on delete cascade,
        network bytea not null,
        last_seen_at timestamptz not null default now(),
        primary key (user_id, network)
      );
      create index on known_networks (last_seen_at);
      grant select, insert, update, delete on password_resets, known_networks to ${app};
      -- Hash of the account's e-mail, where the subject is of one: a new password makes good what was guessed at the old.
      alter table sign_in_failures add account bytea;
      create index on sign_in_failures (account) where account is not null;
      create index on email_verifications (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index email_verifications_expires_at_idx');
    await runner.query('alter table sign_in_failures drop account');
    await runner.query('drop table known_networks, password_resets');
  }
}
