import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openReadDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { expectNoWayAround, waysAround } from './tenancy-attacks.js';
import { expectTenancy, tenancyViolations, type Tenancy } from './tenancy.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

class Notes1 implements MigrationInterface {
  name = 'Notes1000000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table notes (id uuid primary key default gen_random_uuid(), tenant_id uuid not null, text text not null);
      create table posts (tenant_id uuid primary key, text text not null);
      create table letters (tenant_id uuid primary key, text text not null);
      create table languages (code text primary key)`);
    await protectTenantTable(runner, 'notes');
    await protectTenantTable(runner, 'posts');
    await protectTenantTable(runner, 'letters', 'insert');
    await openReadDoor(runner, 'posts', 'public', 'true');
    await runner.query(`grant select, insert on languages to ${(await rolesOf(runner)).app}`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes, posts, letters, languages');
  }
}

const tenancy: Tenancy = {
  withoutTenant: { schema_migrations: 'of the schema', languages: 'the same for everybody' },
  published: ['posts'],
  rows: (tenantId) => ({
    notes: { tenant_id: tenantId, text: 'n' },
    posts: { tenant_id: tenantId, text: 'p' },
    letters: { tenant_id: tenantId, text: 'l' },
  }),
};

describe('the check of tenancy', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase([Notes1], 'tenancy');
  });
  afterAll(() => db.drop());

  it('is content with tables that keep to their tenants', async () => {
    await expectTenancy(db.source, tenancy);
  });

  const app = () => `"${db.name}"`;
  const [jobs, code] = [() => `"${db.name}_jobs"`, () => `"${db.name}_code"`];
  const own = `tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid`;

  /** As a look-up of ours is made. */
  const lookUp = () => `
    grant create on schema public to ${code()};
    create function peek() returns int language sql security definer set search_path = pg_catalog, public, pg_temp return 1;
    alter function peek() owner to ${code()};
    revoke create on schema public from ${code()};
    revoke all on function peek() from public;
    grant execute on function peek() to ${app()}`;

  /** [what is broken, how, how it is mended, what is said of it] */
  const mutants: [string, () => string, () => string, string[]][] = [
    [
      'row-level security that is off',
      () => 'alter table notes disable row level security',
      () => 'alter table notes enable row level security',
      [
        'notes does not enable row-level security',
        "notes: a tenant sees another's row",
        'notes: rows are seen though nothing is set',
        "notes: a tenant can insert another's row",
        'notes: a row can be inserted though nothing is set',
        "notes: a tenant can delete another's row",
        "notes: a tenant can update another's row",
        'notes: a tenant can give its row to another',
      ],
    ],
    [
      'an owner who is exempt',
      () => 'alter table notes no force row level security',
      () => 'alter table notes force row level security',
      ['notes does not force row-level security upon its owner'],
    ],
    [
      'a policy that does not check what is written',
      () => `alter policy tenant on notes with check (true)`,
      () => `alter policy tenant on notes with check (${own})`,
      [
        'notes: policy tenant lets rows be written, but does not hold them to the tenant both ways',
        "notes: a tenant can insert another's row",
        'notes: a row can be inserted though nothing is set',
        'notes: a tenant can give its row to another',
      ],
    ],
    [
      'a second policy that writes',
      () => `create policy more on notes for insert to ${app()} with check (true)`,
      () => 'drop policy more on notes',
      [
        'notes: policy more lets rows be written, but does not hold them to the tenant both ways',
        "notes: a tenant can insert another's row",
        'notes: a row can be inserted though nothing is set',
      ],
    ],
    [
      'a read door to everything',
      () => 'create policy more on notes for select using (true)',
      () => 'drop policy more on notes',
      ["notes: a tenant sees another's row", 'notes: rows are seen though nothing is set'],
    ],
    [
      'no policy at all',
      () => 'drop policy tenant on letters',
      () => `create policy tenant on letters to ${app()} using (${own}) with check (${own})`,
      [
        'letters has no tenant policy',
        'the rows do not fit: new row violates row-level security policy for table "letters"',
      ],
    ],
    [
      'a table without a tenant and without a reason',
      () => 'create table loose (n int)',
      () => 'drop table loose',
      ['loose has no tenant_id and states no reason'],
    ],
    [
      'a table whose isolation nothing proves',
      () => `create table more (tenant_id uuid); alter table more enable row level security; alter table more force row level security;
             create policy tenant on more to ${app()} using (${own}) with check (${own})`,
      () => 'drop table more',
      ['more has no row here, so nothing proves that it keeps to its tenant'],
    ],
    [
      "a view with its owner's rights",
      () => 'create view all_notes as select * from notes',
      () => 'drop view all_notes',
      ['all_notes is a view that reads with the rights of its owner'],
    ],
    [
      'a job role that bypasses row-level security',
      () => `alter role ${jobs()} bypassrls`,
      () => `alter role ${jobs()} nobypassrls`,
      ['the role NAME_jobs bypasses row-level security'],
    ],
    [
      'a job role that may make roles',
      () => `alter role ${jobs()} createrole`,
      () => `alter role ${jobs()} nocreaterole`,
      ['the role NAME_jobs may make databases or roles, or replicate'],
    ],
    [
      'a login with another role behind it',
      () => `grant pg_read_all_data to ${app()}`,
      () => `revoke pg_read_all_data from ${app()}`,
      ['the role NAME is a member of a role that is not its job role'],
    ],
    [
      'a login that may shadow our tables',
      () => `grant temporary on database ${app()} to ${app()}; grant create on schema public to ${app()}`,
      () => `revoke temporary on database ${app()} from ${app()}; revoke create on schema public from ${app()}`,
      ['the role NAME may make tables', 'the role NAME may make temporary tables, which shadow ours'],
    ],
    [
      "a reference to another tenant's rows",
      () => 'alter table letters add about uuid constraint about references notes (id)',
      () => 'alter table letters drop about',
      ['letters: the foreign key about may refer to a row of another tenant'],
    ],
    [
      'a unique key that tells what another tenant has',
      () => 'create unique index one_text on notes (lower(text), text) where text > $$z$$',
      () => 'drop index one_text',
      ['one_text is a unique key over all tenants and states no reason'],
    ],
    [
      'a schema that nobody judges',
      () => `create schema beside; grant usage on schema beside to ${app()}`,
      () => 'drop schema beside',
      ['the login may look into the schema beside, which is not judged'],
    ],
    [
      'a login that inherits',
      () => `alter role ${app()} inherit`,
      () => `alter role ${app()} noinherit`,
      ['the role NAME inherits the rights of its job role'],
    ],
    [
      'a function that gives its owner’s rights to anybody',
      () => `create function peek() returns bigint language sql security definer as 'select count(*) from notes'`,
      () => 'drop function peek()',
      [
        'the function peek runs as a role that bypasses row-level security',
        'the function peek runs as a role that is not there for functions',
        'the function peek can be misled by the search path, or the temporary tables, of its caller',
        'the function peek may be called by anybody',
      ],
    ],
    [
      'a function that the login has, to run as itself',
      () => `${lookUp()}; alter function peek() owner to ${app()}`,
      () => 'drop function peek()',
      [
        'the function peek runs as a role that is not there for functions',
        'the role NAME owns tables or other objects',
      ],
    ],
    [
      'a function that the login may rewrite as its job role',
      () => `${lookUp()}; alter function peek() owner to ${jobs()}`,
      () => 'drop function peek()',
      [
        'the function peek runs as a role that is not there for functions',
        'the role NAME_jobs owns tables or other objects',
      ],
    ],
    [
      'a trigger that the login may rewrite as its job role',
      () =>
        `create function judge() returns trigger language plpgsql as 'begin end'; alter function judge() owner to ${jobs()}`,
      () => 'drop function judge()',
      ['the role NAME_jobs owns tables or other objects'],
    ],
    [
      'an owner of functions who may log in',
      () => `alter role ${code()} login`,
      () => `alter role ${code()} nologin`,
      ['the role NAME_code may log in'],
    ],
    [
      'a function that looks into temporary tables first',
      () => `${lookUp()}; alter function peek() set search_path = pg_catalog, public`,
      () => 'drop function peek()',
      ['the function peek can be misled by the search path, or the temporary tables, of its caller'],
    ],
    [
      'a function that looks into temporary tables before ours',
      () => `${lookUp()}; alter function peek() set search_path = pg_temp, public`,
      () => 'drop function peek()',
      ['the function peek can be misled by the search path, or the temporary tables, of its caller'],
    ],
    [
      'a function that one role too many may call',
      () => `${lookUp()}; grant execute on function peek() to pg_monitor`,
      () => 'drop function peek()',
      ['the function peek may be called by a role that does not need it'],
    ],
  ];

  it.each(mutants)('notices %s', async (_, breakIt, mend, expected) => {
    await db.asOwner(breakIt());
    try {
      const wanted = expected.map((sentence) => sentence.replace('NAME', db.name));
      expect((await tenancyViolations(db.source, tenancy)).sort()).toEqual([...wanted].sort());
    } finally {
      await db.asOwner(mend());
    }
  });

  it('notices entries of its lists that say nothing any more', async () => {
    const stale: Tenancy = {
      ...tenancy,
      withoutTenant: { ...tenancy.withoutTenant, gone: 'it is gone' },
      published: ['posts', 'notes'],
      sharedKeys: { gone_key: 'it is gone' },
    };
    expect(await tenancyViolations(db.source, stale)).toEqual([
      'gone is on the list of tables without a tenant, but is none',
      'gone_key is on the list of unique keys over all tenants, but is none',
      'notes: is on the list of published tables, but shows nothing when nothing is set',
    ]);
  });

  it('is content with a database that has no way around the tenants', async () => {
    await expectNoWayAround(db, tenancy);
  });

  /** [what is broken, how, how it is mended, what of it is said] */
  it.each<[string, () => string, () => string, RegExp]>([
    [
      'files of the server',
      () => `grant execute on function lo_import(text) to ${app()}`,
      () => `revoke execute on function lo_import(text) from ${app()}`,
      /^select lo_import/,
    ],
    [
      'temporary tables',
      () => `grant temporary on database ${app()} to ${app()}`,
      () => `revoke temporary on database ${app()} from ${app()}`,
      /^create temporary table outbox/,
    ],
    [
      'a table of its own',
      () => `grant create on schema public to ${app()}`,
      () => `revoke create on schema public from ${app()}`,
      /^create table mine/,
    ],
    [
      'a sequence',
      () => `grant select on sequence schema_migrations_id_seq to ${app()}`,
      () => `revoke select on sequence schema_migrations_id_seq from ${app()}`,
      /^select last_value from "schema_migrations_id_seq": 1 rows/,
    ],
    [
      'a truncation',
      () => `grant truncate on notes to ${app()}`,
      () => `revoke truncate on notes from ${app()}`,
      /^truncate "notes": 0 rows/,
    ],
    [
      'a foreign role',
      () => `grant "${db.name}_self" to ${app()}`,
      () => `revoke "${db.name}_self" from ${app()}`,
      /^set role "\w+_self"/,
    ],
    [
      'a function that decides',
      () => `${lookUp()}; alter function peek() owner to ${jobs()}`,
      () => 'drop function peek()',
      /^set role "\w+_jobs"; alter function peek\(\) security invoker/,
    ],
    [
      'a trigger',
      () => `grant trigger on notes to ${app()}`,
      () => `revoke trigger on notes from ${app()}`,
      /^create trigger mine/,
    ],
    [
      'a grant to everybody',
      () => `grant select on notes to ${app()} with grant option`,
      () => `revoke grant option for select on notes from ${app()}`,
      /^grant all on "notes" to public has an effect/,
    ],
    [
      'its own table',
      () => `alter table notes owner to ${app()}`,
      () => `alter table notes owner to current_user; grant select, insert, update, delete on notes to ${app()}`,
      /^alter table "notes" disable row level security/,
    ],
    [
      'rows of others',
      () => 'alter policy tenant on notes using (true)',
      () => `alter policy tenant on notes using (${own})`,
      /^notes as the own tenant: 1 rows/,
    ],
    [
      'rows of others while none is set',
      () => `create policy more on notes for select using (nullif(current_setting('app.tenant_id', true), '') is null)`,
      () => 'drop policy more on notes',
      /^notes after RESET: 1 rows/,
    ],
    [
      'a reference to others',
      () => 'alter table posts add about uuid, add constraint about foreign key (about) references notes (id)',
      () => 'alter table posts drop about',
      /^posts \(about\) refers to another tenant's row/,
    ],
  ])('notices that it lets the login have %s', async (_, breakIt, mend, expected) => {
    await db.asOwner(breakIt());
    try {
      expect(await waysAround(db, tenancy)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
    } finally {
      await db.asOwner(mend());
    }
  });
});
