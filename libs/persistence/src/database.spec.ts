import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isUnavailable } from '@app/problem-details';
import { Cable, createTestDatabase, type TestDatabase } from '@app/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { Database } from './database.js';
import { openJobDoor, openReadDoor, protectTenantTable, CURRENT_USER_ID, CURRENT_USER_IDS } from './tenant-table.js';

class Notes1 implements MigrationInterface {
  name = 'Notes1000000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table notes (tenant_id uuid not null, id int primary key, user_id uuid, public boolean not null default false, n bigint)',
    );
    await protectTenantTable(runner, 'notes');
    await openReadDoor(runner, 'notes', 'person', `user_id = ${CURRENT_USER_ID}`);
    await openReadDoor(runner, 'notes', 'persons', `user_id = any (${CURRENT_USER_IDS})`);
    await openReadDoor(runner, 'notes', 'public', 'public');
    await openJobDoor(runner, 'notes', 'select');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';
const PERSON = '00000000-0000-7000-8000-0000000000ff';

describe('the doors of a database', () => {
  let test: TestDatabase;
  let database: Database;
  const ids = (rows: { id: number }[]) => rows.map((row) => row.id).sort((a, b) => a - b);
  const all = () => database.current().query<{ id: number }>('select id from notes');

  beforeAll(async () => {
    test = await createTestDatabase([Notes1]);
    database = test.database;
    await test.asOwner(
      `insert into notes (tenant_id, id, user_id, public) values ('${A}', 1, null, false), ('${B}', 2, '${PERSON}', false), ('${B}', 3, null, true)`,
    );
  });
  afterAll(() => test.drop());

  it("the tenant's door shows the tenant's rows and what is public", async () => {
    expect(ids(await database.asTenant(A, all))).toEqual([1, 3]);
    expect(ids(await database.asTenant(B, all))).toEqual([2, 3]);
  });

  it("the person's door shows what is the person's at every tenant", async () => {
    expect(ids(await database.asPerson(PERSON, all))).toEqual([2, 3]);
  });

  it('with nothing set only what is public is seen, whomever the connection served before', async () => {
    const ways = [
      () => database.asTenant(A, all),
      () => database.asPerson(PERSON, all),
      () => database.asTenant(A, all, { userIds: [PERSON] }),
      () => database.asJob(all),
    ];
    for (const way of ways) {
      expect((await way()).length).toBeGreaterThan(1);
      expect(ids(await test.source.query('select id from notes'))).toEqual([3]);
      expect(ids(await database.asPublic(all))).toEqual([3]);
    }
  });

  it('the job door sees every tenant, and may only do what its table grants', async () => {
    expect(ids(await database.asJob(all))).toEqual([1, 2, 3]);
    await expect(database.asJob((tx) => tx.execute('update notes set n = 1'))).rejects.toThrow(/permission denied/);
  });

  it('a row of another tenant cannot be written: not inserted, not updated, not moved', async () => {
    await expect(
      database.asTenant(A, (tx) => tx.execute(`insert into notes (tenant_id, id) values ('${B}', 9)`)),
    ).rejects.toThrow(/row-level security/);
    await expect(
      database.asTenant(A, (tx) => tx.execute(`update notes set tenant_id = '${B}' where id = 1`)),
    ).rejects.toThrow(/row-level security/);
    expect(await database.asTenant(A, (tx) => tx.execute('update notes set n = 1 where id in (2, 3)'))).toBe(0);
    expect(await database.asTenant(A, (tx) => tx.execute('delete from notes where id in (2, 3)'))).toBe(0);
  });

  it('the reading doors cannot write', async () => {
    await expect(database.asPerson(PERSON, (tx) => tx.execute('update notes set n = 1 where id = 2'))).rejects.toThrow(
      /read-only/,
    );
  });

  it('a transaction of the same tenant is joined, of another tenant refused', async () => {
    await database.asTenant(A, async (outer) => {
      await database.asTenant(A, async (inner) => expect(inner).toBe(outer));
      await expect(database.asTenant(B, all)).rejects.toThrow(/needs its own/);
      await expect(database.asTenant(A, all, { userIds: [PERSON] })).rejects.toThrow(/finish the open one/);
      await expect(database.asJob(all)).rejects.toThrow(/finish the open one/);
      expect(() => database.asPerson(PERSON, all)).toThrow(/finish the open one/);
    });
  });

  it('what fails leaves nothing, and what waited for the commit does not run', async () => {
    let ran = false;
    const failing = database.asTenant(A, async (tx) => {
      tx.afterCommit(() => (ran = true));
      await tx.execute(`insert into notes (tenant_id, id) values ('${A}', 7)`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(ran).toBe(false);
    expect(ids(await database.asTenant(A, all))).toEqual([1, 3]);
  });

  it('a swallowed SQL error does not pass for a commit', async () => {
    const swallowed = database.asTenant(A, async (tx) => {
      await tx.execute(`insert into notes (tenant_id, id) values ('${A}', 8)`);
      await tx.query('select 1/0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(/rolled back/);
  });

  it('statements started together run in their order, and fail with the first of them that fails, whichever is waited for', async () => {
    const numbers = await database.asTenant(A, async (tx) => {
      const one = tx.execute('update notes set n = 1 where id = 1');
      const read = tx.query<{ n: number }>('select n from notes where id = 1');
      return [await one, (await read)[0]?.n];
    });
    expect(numbers).toEqual([1, 1]);
    const failing = database.asTenant(A, (tx) =>
      Promise.all([tx.execute('update notes set n = 2'), tx.query('select 1 / 0'), tx.query('select 1')]),
    );
    await expect(failing).rejects.toThrow(/division by zero/);
    const waitedForBackwards = database.asTenant(A, async (tx) => {
      const [first, second] = [tx.query('select 1 / 0'), tx.execute('update notes set n = 2')];
      await second.finally(() => first.catch(() => undefined));
    });
    await expect(waitedForBackwards).rejects.toThrow(/division by zero/);
    expect(await database.asTenant(A, (tx) => tx.query('select n from notes where id = 1'))).toEqual([{ n: 1 }]);
  });

  it('a statement that is started when its transaction has ended is refused', async () => {
    const left = await database.asTenant(A, (tx) => Promise.resolve(tx));
    await expect(left.query('select 1')).rejects.toThrow(/has ended/);
  });

  it('a door that does not open says why, and nothing behind it is done', async () => {
    const [{ name }] = (await test.source.query('select current_database() as name')) as [{ name: string }];
    await test.asOwner(`revoke "${name}_jobs" from "${name}"`);
    await expect(database.asJob(all)).rejects.toThrow(/permission denied to set role/);
    await expect(database.asJob(async () => 'without a look')).rejects.toThrow(/permission denied to set role/);
    await test.asOwner(`grant "${name}_jobs" to "${name}"`);
    expect(ids(await database.asJob(all))).toEqual([1, 2, 3]);
  });

  it.each([0, 50])('a connection that the server ends says why, and is not used again: %i ms later', async (pause) => {
    const killed = database.asTenant(A, async (tx) => {
      const [{ pid }] = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')) as [{ pid: number }];
      await test.asOwner('select pg_terminate_backend($1)', [pid]);
      await sleep(pause);
      await tx.query('select 1');
    });
    await expect(killed).rejects.toMatchObject({ code: '57P01' });
    expect(ids(await database.asTenant(A, all))).toEqual([1, 3]);
  });

  it('a server that says nothing is unavailable after the time limit, and its connection is not used again', async () => {
    const { cable, url } = await Cable.to(test.url, 5432);
    const { extra, ...options } = dataSourceOptions({ url, applicationName: 'spec', poolSize: 1 }) as PostgresOptions;
    expect(extra).toMatchObject({ query_timeout: 15_000 });
    const source = await new DataSource({ ...options, extra: { ...extra, query_timeout: 300 } }).initialize();
    const through = new Database(source);
    const connection = () => through.asTenant(A, (tx) => tx.query('select pg_backend_pid() as pid'));
    const first = await connection();
    cable.freeze();
    const began = performance.now();
    const failure = await through.asTenant(A, (tx) => tx.query('select 1')).catch((error: unknown) => error);
    expect(isUnavailable(failure)).toBe(true);
    expect(performance.now() - began).toBeLessThan(1_000);
    cable.thaw();
    const second = await connection();
    expect(second).not.toEqual(first);
    const silentAtItsEnd = through.asTenant(A, async (tx) => {
      await tx.query('select 1');
      cable.freeze();
      throw new Error('of its own');
    });
    await expect(silentAtItsEnd).rejects.toThrow('of its own');
    cable.thaw();
    expect(await connection()).not.toEqual(second);
    await source.destroy();
    await cable.pull();
  });

  it('who can put a statement of his or her own into a transaction can set another tenant: only parameters keep them out', async () => {
    const other = async () => {
      await database.current().query(`select set_config('app.tenant_id', $1, true)`, [B]);
      return all();
    };
    expect(ids(await database.asTenant(A, other))).toEqual([2, 3]);
  });

  it('outside of a door there is no transaction', () => {
    expect(() => database.current()).toThrow(/No transaction is open/);
  });

  it('a service refuses to run as a role that could step around the doors', async () => {
    const owner = await new DataSource(dataSourceOptions({ url: test.ownerUrl, applicationName: 'spec' })).initialize();
    await expect(new Database(owner).onModuleInit()).rejects.toThrow(/ is a superuser and /);
    await owner.destroy();
  });
});
