import { CURRENT_USER_ID, openJobDoor, openReadDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts belong to persons and no tenant; organizations are the tenants. What has no `tenant_id` is on the list of
 * `tenancy.spec.ts` with its reason.
 */
export class Identity1767000000000 implements MigrationInterface {
  name = 'Identity1767000000000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`
      create table users (
        id uuid primary key,
        email text not null unique check (email = lower(email)),
        password_hash text not null,
        name text not null,
        email_verified_at timestamptz,
        created_at timestamptz not null default now()
      );
      create table email_verifications (
        token_hash bytea primary key,
        user_id uuid not null references users on delete cascade,
        email text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index on email_verifications (user_id);
      -- A session is a family of refresh tokens: each is used once and has the token that it was exchanged for as parent.
      create table sessions (
        id uuid primary key,
        user_id uuid not null references users on delete cascade,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
      );
      create index on sessions (user_id);
      create index on sessions (revoked_at) where revoked_at is not null;
      create table refresh_tokens (
        token_hash bytea primary key,
        session_id uuid not null references sessions on delete cascade,
        parent_hash bytea references refresh_tokens on delete set null,
        expires_at timestamptz not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index on refresh_tokens (session_id);
      create index on refresh_tokens (parent_hash);
      -- Subject: hash of an address, or of an account's e-mail together with an address.
      create table sign_in_failures (
        subject bytea primary key,
        failures int not null,
        last_at timestamptz not null
      );
      create index on sign_in_failures (last_at);
      grant select, insert, update, delete on users, email_verifications, sessions, refresh_tokens, sign_in_failures to ${app};
      -- Whose an invitation is, is a matter of the e-mail (look-ups).
      grant select (id, email) on users to ${jobs};

      create table organizations (
        tenant_id uuid primary key,
        name text not null,
        slug text not null unique,
        created_at timestamptz not null default now()
      );
      create table members (
        tenant_id uuid not null references organizations,
        user_id uuid not null references users,
        role text not null check (role in ('owner', 'organizer', 'scanner')),
        created_at timestamptz not null default now(),
        primary key (tenant_id, user_id)
      );
      create index on members (user_id);
      create table invitations (
        id uuid not null unique,
        tenant_id uuid not null references organizations,
        email text not null check (email = lower(email)),
        role text not null check (role in ('owner', 'organizer', 'scanner')),
        invited_by uuid not null references users,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      );
      -- One open invitation per e-mail: a new one takes the place of the earlier one.
      create unique index on invitations (tenant_id, email) where accepted_at is null and revoked_at is null;
    `);
    for (const table of ['organizations', 'members', 'invitations']) {
      await protectTenantTable(runner, table);
      await openJobDoor(runner, table, 'select');
    }
    // A person sees the organizations that he or she belongs to.
    await openReadDoor(runner, 'members', 'person', `user_id = ${CURRENT_USER_ID}`);
    await openReadDoor(
      runner,
      'organizations',
      'person',
      `exists (select from members where members.tenant_id = organizations.tenant_id and members.user_id = ${CURRENT_USER_ID})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table invitations, members, organizations, sign_in_failures, refresh_tokens, sessions, email_verifications, users',
    );
  }
}
