import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { judgeCatalogue } from '@app/invariants';
import pg from 'pg';
import type { TestDatabase } from './test-database.js';
import type { Tenancy } from './tenancy.js';
import { RowsUnderTest } from './tenancy-rows.js';

const quote = pg.escapeIdentifier;

/** SQLSTATEs of PostgreSQL, appendix A. */
const DENIED = '42501';
const NO_UUID = '22P02';
const TAKEN = '23505';

/**
 * What somebody would try who can send any statement as the service's own login, psql in hand: to become another role, to change
 * the schema, to leave the database for the server's files, to shadow our tables, and to see, count or guess what is another's.
 * @param db freshly migrated; rows of two tenants stay in it
 */
export async function expectNoWayAround(db: TestDatabase, tenancy: Pick<Tenancy, 'rows' | 'published'>): Promise<void> {
  expect(await waysAround(db, tenancy)).toEqual([]);
}

/** What worked, in sentences. */
export async function waysAround(
  db: TestDatabase,
  { rows, published = [] }: Pick<Tenancy, 'rows' | 'published'>,
): Promise<string[]> {
  const [own, other] = [randomUUID(), randomUUID()];
  const underTest = new RowsUnderTest(db.source);
  for (const tenantId of [own, other]) await underTest.seed(tenantId, rows(tenantId));
  const tables = (await judgeCatalogue((sql) => db.source.query(sql))).tenantTables.map(({ name }) => name);
  const hidden = tables.filter((name) => !published.includes(name));
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  try {
    const attacker = new Attacker(client, own, other);
    for (const sql of aloneOnly(db.name)) await attacker.expectDenied(sql, { alone: true });
    for (const sql of await foreignRoles(db)) await attacker.expectDenied(sql);
    for (const sql of [...rightsOf(db.name), ...SERVER, ...MAKING]) await attacker.expectDenied(sql);
    for (const table of tables) for (const sql of changesOf(table)) await attacker.expectDenied(sql);
    for (const sql of await sequencesOf(db)) await attacker.expectDenied(sql);
    for (const sql of await functionsOf(db)) await attacker.expectDenied(sql);
    for (const table of hidden) await attacker.expectHidden(table);
    for (const reference of await referencesOf(db, other)) await attacker.expectNoOracle(reference);
    await attacker.expectNoEffect(db.name, tables);
    return attacker.successes;
  } finally {
    await client.end();
  }
}

/** To become somebody else, or somebody more. */
async function foreignRoles(db: TestDatabase): Promise<string[]> {
  const [owner] = await db.asOwner<{ name: string }>('select current_user as name');
  return [owner!.name, `${db.name}_code`, `${db.name}_self`].flatMap((role) => [
    `set role ${quote(role)}`,
    `set session authorization ${quote(role)}`,
    `grant ${quote(role)} to current_user`,
  ]);
}

const rightsOf = (login: string) => [
  ...['superuser', 'bypassrls', 'createrole', 'createdb', 'replication', 'inherit'].map(
    (right) => `alter role current_user ${right}`,
  ),
  `alter role ${quote(`${login}_jobs`)} bypassrls`,
  `alter role ${quote(`${login}_jobs`)} login`,
  `grant pg_read_all_data to ${quote(login)}`,
  `grant pg_read_server_files to ${quote(login)}`,
  `create role ${quote(`${login}_more`)} login`,
  ...['_code', '_self'].flatMap((suffix) => [
    `drop owned by ${quote(login + suffix)}`,
    `reassign owned by ${quote(login + suffix)} to current_user`,
  ]),
  `alter database ${quote(login)} set row_security = off`,
];

/** Of the server: its files, programs, settings, passwords, other sessions. */
const SERVER = [
  `select pg_read_file('/etc/passwd')`,
  `select pg_read_binary_file('/etc/passwd')`,
  `select pg_ls_dir('/')`,
  `select pg_stat_file('/etc/passwd')`,
  `select lo_import('/etc/passwd')`,
  `select lo_export(1, '/tmp/stolen')`,
  `select pg_reload_conf()`,
  `load '/tmp/library.so'`,
  `copy (select 1) to '/tmp/stolen'`,
  `copy (select 1) to program 'id'`,
  'set session_replication_role = replica',
  'show data_directory',
  'select rolpassword from pg_authid',
  'select passwd from pg_shadow',
  'select loid from pg_largeobject',
  'select stavalues1 from pg_statistic',
  'select * from pg_hba_file_rules',
  'checkpoint',
];

/** To make something of one's own, above all what shadows ours: a temporary table, function or view. */
const MAKING = [
  'create table mine (n int)',
  'create temporary table outbox (n int)',
  'create temporary view inbox as select 1',
  'create function mine() returns int language sql return 1',
  'create function pg_temp.now() returns int language sql return 1',
  'create view mine as select 1',
  'create sequence mine',
  `create type mine as enum ('a')`,
  'create schema mine',
  'create collation mine from "C"',
  'create publication mine for all tables',
  'create foreign data wrapper mine',
  'create event trigger mine on ddl_command_start execute function suppress_redundant_updates_trigger()',
];

/** Of a table of ours: its policy, its rows all at once, its existence. */
const changesOf = (name: string) => {
  const table = quote(name);
  return [
    `truncate ${table}`,
    `alter table ${table} disable row level security`,
    `alter table ${table} no force row level security`,
    `alter table ${table} owner to current_user`,
    `alter table ${table} rename to other`,
    `drop policy tenant on ${table}`,
    `alter policy tenant on ${table} using (true)`,
    `create policy mine on ${table} using (true)`,
    `create index on ${table} (tenant_id)`,
    `create trigger mine before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
    `create rule mine as on insert to ${table} do instead nothing`,
    `drop table ${table}`,
    `copy ${table} to '/tmp/stolen'`,
    `select count(*) from ${table}; set row_security = off; select count(*) from ${table}`,
  ];
};

/** Sequences, which count for all tenants: only the columns that they belong to take the next. */
async function sequencesOf(db: TestDatabase): Promise<string[]> {
  const found = await db.asOwner<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'`,
  );
  return found.flatMap(({ name }) => [
    `select last_value from ${quote(name)}`,
    `select nextval('${quote(name)}')`,
    `select setval('${quote(name)}', 1)`,
  ]);
}

/** Functions, which decide: as the login and as its job role, to take one away, or have it run or read as somebody else's. */
async function functionsOf(db: TestDatabase): Promise<string[]> {
  const found = await db.asOwner<{ name: string }>(
    `select oid::regprocedure as name from pg_proc where pronamespace = 'public'::regnamespace`,
  );
  return ['', `set role ${quote(`${db.name}_jobs`)}; `].flatMap((become) =>
    found.flatMap(({ name }) => [
      `${become}drop function ${name}`,
      `${become}alter function ${name} security invoker`,
      `${become}alter function ${name} set search_path = pg_temp`,
      `${become}alter function ${name} owner to current_user`,
    ]),
  );
}

/** What a transaction cannot hold. */
const aloneOnly = (login: string) => [
  `create database ${quote(`${login}_more`)}`,
  `drop database ${quote('template1')}`,
  'alter system set row_security = off',
  `create tablespace mine location '/tmp'`,
];

/** A reference from tenant to tenant: the columns beside the tenant, what they are of the other tenant's row, and of none. */
interface Reference {
  child: string;
  columns: string[];
  taken: string[];
  free: string[];
}

async function referencesOf(db: TestDatabase, other: string): Promise<Reference[]> {
  const found = await db.asOwner<{ child: string; parent: string; columns: string[]; targets: string[] }>(REFERENCES);
  const references: Reference[] = [];
  for (const { child, parent, columns, targets } of found) {
    const [row] = await db.asOwner<Record<string, string>>(`select * from ${quote(parent)} where tenant_id = $1`, [
      other,
    ]);
    if (!row)
      throw new Error(`The other tenant has no row in ${parent}, so nothing proves that it cannot be referred to.`);
    const taken = targets.map((target) => String(row[target]));
    references.push({ child, columns, taken, free: taken.map(() => randomUUID()) });
  }
  return references;
}

const REFERENCES = `
  select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
    array_agg(o.attname::text order by k.own) as columns, array_agg(t.attname::text order by k.own) as targets
  from pg_constraint c cross join lateral unnest(c.conkey, c.confkey) as k (own, other)
  join pg_attribute o on o.attrelid = c.conrelid and o.attnum = k.own
  join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.other
  where c.contype = 'f' and c.connamespace = 'public'::regnamespace and o.attname <> 'tenant_id'
    and exists (select from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'tenant_id' and not a.attisdropped)
  group by c.oid`;

/** Each attempt is a transaction of its own, begun as the tenant `own`, that is undone. */
class Attacker {
  readonly successes: string[] = [];

  constructor(
    private readonly client: pg.Client,
    private readonly own: string,
    private readonly other: string,
  ) {}

  async expectDenied(sql: string, { alone = false } = {}): Promise<void> {
    const outcome = alone ? await this.outcomeOf(() => this.client.query(sql)) : await this.try([sql]);
    if (outcome !== DENIED) this.successes.push(`${sql}: ${outcome}`);
  }

  /** No row of another tenant is seen, counted or guessed in the table, whatever is said before or around. */
  async expectHidden(name: string): Promise<void> {
    const table = quote(name);
    const others = `select count(*)::int as rows from ${table} where tenant_id = '${this.other}'`;
    const named = (value: string) => `select set_config('app.tenant_id', '${value}', true)`;
    const hidden = ['0 rows', DENIED];
    const attempts: [name: string, statements: string[], expected?: string[]][] = [
      ['with nothing set', [named(''), others]],
      ['after RESET', ['reset app.tenant_id', others]],
      ['as no tenant at all', [named('nobody'), others], [...hidden, NO_UUID]],
      ['as a tenant and more', [named(`${this.own},${this.other}`), others], [...hidden, NO_UUID]],
      ['as a condition', [named(`' or true --`.replaceAll("'", "''")), others], [...hidden, NO_UUID]],
      ['as the own tenant', [others]],
      ['after RESET ROLE', ['reset role', others]],
      ['without row_security', ['set row_security = off', others], [DENIED]],
      // Were the condition asked before the policy, the other's row would divide by zero.
      [
        'by an error',
        [
          `select count(*)::int as rows from ${table} where 1 / (case tenant_id when '${this.other}' then 0 else 1 end) = 2`,
        ],
      ],
      ['by the statistics', [`select count(*)::int as rows from pg_stats where tablename = '${name}'`]],
      [
        'to lock',
        [
          `select count(*)::int as rows from (${`select from ${table} where tenant_id = '${this.other}' for update`}) t`,
        ],
      ],
    ];
    for (const [how, statements, expected = hidden] of attempts) {
      const outcome = await this.try(statements);
      if (!expected.includes(outcome)) this.successes.push(`${name} ${how}: ${outcome}`);
    }
    const [copied, seen] = [
      await this.try([`copy ${table} to stdout`]),
      await this.try([`select count(*)::int as rows from ${table} where tenant_id = '${this.own}'`]),
    ];
    if (copied !== seen && copied !== DENIED) this.successes.push(`${name} by COPY: ${copied}, ${seen} being its own`);
  }

  /** A row that refers to another tenant's is refused as one that refers to nothing, so that nobody learns that it is there. */
  async expectNoOracle({ child, columns, taken, free }: Reference): Promise<void> {
    const table = quote(child);
    const literals = (values: readonly string[]) => values.map((value) => pg.escapeLiteral(value));
    const update = (values: readonly string[]) =>
      `update ${table} set ${literals(values)
        .map((value, at) => `${quote(columns[at]!)} = ${value}`)
        .join()} where tenant_id = '${this.own}'`;
    const insert = (values: readonly string[]) =>
      `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), ${literals(
        values,
      )
        .map((value, at) => `${pg.escapeLiteral(columns[at]!)}, ${value}`)
        .join()}))).* from ${table} t where tenant_id = '${this.own}' limit 1`;
    for (const attempt of [update, insert]) {
      const [known, unknown] = [
        await this.try(['set constraints all immediate', attempt(taken)]),
        await this.try(['set constraints all immediate', attempt(free)]),
      ];
      // Which ids are taken on the whole platform a unique key tells (`Tenancy.sharedKeys`).
      if (known.endsWith('rows')) this.successes.push(`${child} (${columns.join()}) refers to another tenant's row`);
      else if (known !== unknown && known !== TAKEN)
        this.successes.push(`${child} (${columns.join()}) tells another tenant's row: ${known}, else ${unknown}`);
    }
  }

  /** What PostgreSQL lets everybody say, at most with a warning, has no effect. */
  async expectNoEffect(login: string, tables: readonly string[]): Promise<void> {
    const became = `select count(*)::int as rows where current_user <> '${login}' or session_user <> '${login}'`;
    const granted = `select count(*)::int as rows where has_database_privilege(current_user, current_database(), 'create')
      or has_database_privilege(current_user, current_database(), 'temporary')`;
    const attempts = [
      ...['reset role', 'reset session authorization', 'set role none', 'set session authorization default'].map(
        (sql): [string, string] => [sql, became],
      ),
      [`grant create, temporary on database ${quote(login)} to current_user`, granted],
      ...tables.map((table): [string, string] => [
        `grant all on ${quote(table)} to public`,
        `select count(*)::int as rows from pg_class, aclexplode(relacl) as acl where relname = '${table}' and acl.grantee = 0`,
      ]),
    ] satisfies [string, string][];
    for (const [sql, effect] of attempts) {
      const outcome = await this.try([sql, effect]);
      if (outcome !== '0 rows' && outcome !== DENIED) this.successes.push(`${sql} has an effect`);
    }
  }

  private try(statements: readonly string[]): Promise<string> {
    return this.outcomeOf(async () => {
      await this.client.query('begin');
      try {
        await this.client.query(`select set_config('app.tenant_id', $1, true)`, [this.own]);
        let result: pg.QueryResult<{ rows?: number }> | undefined;
        for (const sql of statements) result = await this.client.query<{ rows?: number }>(sql);
        return result!;
      } finally {
        await this.client.query('rollback');
      }
    });
  }

  /** How many rows there were, by the answer's `rows` if it counts them, or the SQLSTATE of the refusal. */
  private async outcomeOf(work: () => Promise<pg.QueryResult<{ rows?: number }>>): Promise<string> {
    try {
      const { rows, rowCount } = await work();
      return `${rows?.[0]?.rows ?? rowCount ?? 0} rows`;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
}
