import { openJobDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys with which software acts as its organization. Whose a key is, is told to who has its hash alone, by a function of
 * the job role as the look-ups of paths are.
 */
export class ApiKeys1767000000110 implements MigrationInterface {
  name = 'ApiKeys1767000000110';

  async up(runner: QueryRunner): Promise<void> {
    const { app, jobs } = await rolesOf(runner);
    await runner.query(`
      create table api_keys (
        tenant_id uuid not null references organizations,
        id uuid not null unique,
        name text not null,
        scopes text[] not null check (cardinality(scopes) > 0),
        key_hash bytea not null unique check (octet_length(key_hash) = 32),
        last4 text not null,
        rate_limit int check (rate_limit > 0),
        created_by uuid not null references users,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        primary key (tenant_id, id)
      );
      -- Whose request and whose word it was: a person's or a key's.
      alter table idempotency_keys drop constraint idempotency_keys_caller_id_fkey;
      alter table refunds drop constraint refunds_override_by_fkey;
    `);
    await protectTenantTable(runner, 'api_keys', 'select, insert, update (revoked_at)');
    await openJobDoor(runner, 'api_keys', 'select, update (last_used_at)');
    // A later migration lets organizations be suspended: until its column is there nobody is.
    await runner.query(`
      grant create on schema public to ${jobs};
      create function find_api_key(wanted bytea)
        returns table (id uuid, tenant_id uuid, name text, scopes text[], rate_limit int, expires_at timestamptz, is_suspended boolean)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
        select k.id, k.tenant_id, k.name, k.scopes, k.rate_limit, k.expires_at, to_jsonb(o) ->> 'suspended_at' is not null
        from api_keys k join organizations o on o.tenant_id = k.tenant_id
        where k.key_hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;
      alter function find_api_key(bytea) owner to ${jobs};
      revoke all on function find_api_key(bytea) from public;
      grant execute on function find_api_key(bytea) to ${app};
      revoke create on schema public from ${jobs};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function find_api_key(bytea);
      drop table api_keys;
      alter table refunds add constraint refunds_override_by_fkey foreign key (override_by) references users not valid;
      alter table idempotency_keys add constraint idempotency_keys_caller_id_fkey foreign key (caller_id) references users not valid;
    `);
  }
}
