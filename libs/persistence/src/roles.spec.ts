import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, EX_CONFIG, exitStatusOf } from '@app/configuration';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { Database } from './database.js';
import { migrateDatabase } from './migrate-database.js';
import { protectTenantTable } from './tenant-table.js';

class Notes1 implements MigrationInterface {
  name = 'Notes1000000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table notes (tenant_id uuid not null, id int primary key)');
    await protectTenantTable(runner, 'notes');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

describe("a service's role", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase([Notes1]);
  });
  afterAll(() => test.drop());

  const other = () => `"${test.name}_other"`;
  const change = (sql: string) =>
    test.asOwner(
      sql
        .replaceAll('$role', `"${test.name}"`)
        .replaceAll('$jobs', `"${test.name}_jobs"`)
        .replaceAll('$other', other()),
    );
  const start = () => new Database(test.source).onModuleInit();

  it.each([
    ['is a superuser', 'alter role $role superuser', 'alter role $role nosuperuser'],
    ['bypasses row-level security', 'alter role $role bypassrls', 'alter role $role nobypassrls'],
    ['may make databases', 'alter role $role createdb', 'alter role $role nocreatedb'],
    ['may make roles', 'alter role $role createrole', 'alter role $role nocreaterole'],
    ['may replicate', 'alter role $role replication', 'alter role $role noreplication'],
    ['owns tables or other objects', 'alter table notes owner to $role', 'alter table notes owner to current_user'],
    [
      'owns tables or other objects',
      'create function mine() returns int language sql return 1; alter function mine() owner to $role',
      'drop function mine()',
    ],
    ['inherits the rights of its job role', 'alter role $role inherit', 'alter role $role noinherit'],
    [
      'is given app.tenant_id by default',
      `alter role $role set app.tenant_id = 'x'`,
      'alter role $role reset app.tenant_id',
    ],
    [
      'is given row_security, search_path by default',
      'alter role $role in database "$name" set search_path = pg_temp; alter database "$name" set row_security = off',
      'alter role $role in database "$name" reset search_path; alter database "$name" reset row_security',
    ],
    ['may become pg_read_all_data', 'grant pg_read_all_data to $role', 'revoke pg_read_all_data from $role'],
    ['may become $name_self', 'grant "$name_self" to $role', 'revoke "$name_self" from $role'],
    [
      'may become $name_jobs, which bypasses row-level security',
      'alter role $jobs bypassrls',
      'alter role $jobs nobypassrls',
    ],
    [
      'may become $name_jobs, which owns tables or other objects',
      'alter table notes owner to $jobs',
      'alter table notes owner to current_user',
    ],
    [
      'may become $name_jobs, which owns tables or other objects',
      'create function theirs() returns int language sql return 1; alter function theirs() owner to $jobs',
      'drop function theirs()',
    ],
    ['may become $name_code', 'grant "$name_code" to $role', 'revoke "$name_code" from $role'],
    ['may become $name_other', 'create role $other; grant $other to $jobs', 'drop role $other'],
    [
      'is a superuser and may make roles',
      'alter role $role superuser createrole',
      'alter role $role nosuperuser nocreaterole',
    ],
  ])('is refused by the service when it %s', async (reason, before, after) => {
    const named = (text: string) => text.replaceAll('$name', test.name);
    await change(named(before));
    try {
      const refusal = await start().catch((error: Error) => error);
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect(exitStatusOf(refusal)).toBe(EX_CONFIG);
      expect((refusal as Error).message).toMatch(named(`The database role $name ${reason}. Log in as`));
    } finally {
      await change(named(after));
    }
    await start();
  });

  it('is judged by whom it logged in as, not by whom it became', async () => {
    await change('alter role $role set role to $jobs; alter role $role bypassrls');
    const login = await new DataSource(dataSourceOptions({ url: test.url, applicationName: 'spec' })).initialize();
    try {
      const refusal = `The database role ${test.name} bypasses row-level security and is given role by default.`;
      await expect(new Database(login).onModuleInit()).rejects.toThrow(refusal);
    } finally {
      await login.destroy();
      await change('alter role $role reset role; alter role $role nobypassrls');
    }
  });

  it('opens its database, and no other role does', async () => {
    const rights = await test.asOwner<{ grantee: string }>(
      `select distinct coalesce(r.rolname, 'everybody') as grantee from pg_database d
       cross join aclexplode(d.datacl) as a left join pg_roles r on r.oid = a.grantee
       where d.datname = current_database() and a.grantee <> d.datdba`,
    );
    expect(rights).toEqual([{ grantee: test.name }]);
  });

  it('waits neither for a statement, nor for a lock, nor holds locks in idleness, without an end', async () => {
    const [limits] = (await test.source.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
              current_setting('idle_in_transaction_session_timeout') as idle`,
    )) as unknown[];
    expect(limits).toEqual({ statement: '10s', lock: '5s', idle: '20s' });
  });

  it('makes nothing in the schema, whatever PostgreSQL of old let everybody do', async () => {
    await test.asOwner('grant create on schema public to public');
    await migrateDatabase({ url: test.ownerUrl, password: 'another', migrations: [Notes1] });
    await expect(test.source.query('create table mine (id int)')).rejects.toThrow(
      /permission denied for schema public/,
    );
  });
});

class Slow1 extends Notes1 {
  override async up(runner: QueryRunner): Promise<void> {
    await super.up(runner);
    await runner.query('select pg_sleep(0.3)');
  }
}

it('migrations that run at once wait for each other', async () => {
  const test = await createTestDatabase([], 'migrated');
  const plan = { url: test.ownerUrl, password: 'another', migrations: [Slow1] };
  await Promise.all([migrateDatabase(plan), migrateDatabase(plan)]);
  expect(await test.asOwner('select name from schema_migrations')).toEqual([{ name: 'Notes1000000000000' }]);
  await test.drop();
});
