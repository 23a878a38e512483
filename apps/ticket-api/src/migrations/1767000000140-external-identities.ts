import { rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who signs in at another issuer has an account of its own. Its e-mail is that issuer's word: it may be one that an account
 * of ours has, too, so e-mails are unique among ours alone.
 */
export class ExternalIdentities1767000000140 implements MigrationInterface {
  name = 'ExternalIdentities1767000000140';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = await rolesOf(runner);
    await runner.query(`
      alter table users add external boolean not null default false;
      create unique index users_local_email on users (email) where not external;
      alter table users drop constraint users_email_key;
      create table external_identities (
        -- SHA-256 of issuer, claim and subject.
        identity_hash bytea primary key check (octet_length(identity_hash) = 32),
        user_id uuid not null references users on delete cascade,
        -- Without both: the account was erased, and tokens from before then are refused.
        issuer text,
        subject text,
        -- When the token was issued whose facts the account has.
        stated_at timestamptz not null,
        created_at timestamptz not null default now(),
        check ((issuer is null) = (subject is null))
      );
      create index on external_identities (user_id);
      create index on external_identities (created_at) where issuer is null;
      grant select, insert, update, delete on external_identities to ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table external_identities;
      update users set email = id || '@unknown.invalid', email_verified_at = null where external;
      alter table users add constraint users_email_key unique (email);
      drop index users_local_email;
      alter table users drop external;
    `);
  }
}
