import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateDatabase } from '@app/persistence';
import { migrations } from '../migrations/index.js';

const SERVER = process.env['DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/postgres';

export interface TestDatabase {
  /** Of the simulator's own login. */
  url: string;
  /** As the owner, whom no grant restricts: to put a clock back, or to look behind the API. */
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  remove(): Promise<void>;
}

/** A migrated database and login of its own on the server of the tests. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `simulator_spec_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const owner = new URL(SERVER);
  owner.pathname = `/${name}`;
  await migrateDatabase({ url: owner.href, password, migrations });
  const pool = new pg.Pool({ connectionString: owner.href, max: 3 });
  pool.on('error', () => undefined);
  const login = new URL(owner);
  login.username = name;
  login.password = password;
  return {
    url: login.href,
    query: async <Row>(sql: string, parameters?: unknown[]) => (await pool.query(sql, parameters)).rows as Row[],
    remove: async () => {
      await pool.end();
      await removeDatabase(name);
    },
  };
}

async function removeDatabase(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(`drop database ${name} with (force)`);
    await client.query(`drop role ${name}, ${name}_jobs`);
  } finally {
    await client.end();
  }
}
