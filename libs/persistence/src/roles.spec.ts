import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
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

  it.each([
    ['bypasses row-level security', 'alter role $role bypassrls', 'alter role $role nobypassrls'],
    ['owns tables', 'alter table notes owner to $role', 'alter table notes owner to current_user'],
    ['inherits the rights of its job role', 'alter role $role inherit', 'alter role $role noinherit'],
  ])('is refused by the service when it %s', async (reason, before, after) => {
    const change = (sql: string) => test.asOwner(sql.replace('$role', `"${test.name}"`));
    await change(before);
    await expect(new Database(test.source).onModuleInit()).rejects.toThrow(`The database role ${test.name} ${reason}.`);
    await change(after);
    await new Database(test.source).onModuleInit();
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
