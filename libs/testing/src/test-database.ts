import { randomBytes } from 'node:crypto';
import { Database, dataSourceOptions, migrateDatabase, type MigrationPlan } from '@app/persistence';
import pg from 'pg';
import { DataSource } from 'typeorm';

/** The owner's login to the server that specs use: `npm test` starts an embedded one and sets it. */
export const testServerUrl = () => process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/postgres';

export interface TestDatabase {
  name: string;
  /** The owner's login to this database. */
  ownerUrl: string;
  /** The service's own login, which row-level security binds. */
  url: string;
  source: DataSource;
  /** The doors, through the service's own login. */
  database: Database;
  /** Statements as the owner, to look behind the doors; the owner of a test server is a superuser. */
  asOwner<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Closes connections and removes the database with its roles. */
  drop(): Promise<void>;
}

/**
 * A fresh database of one service, migrated as `migrate.ts` would, with a name of its own.
 * @param isOfNow false for one of an older version, on which a service of now would refuse to start
 */
export async function createTestDatabase(
  migrations: MigrationPlan['migrations'],
  label = 'spec',
  isOfNow = true,
): Promise<TestDatabase> {
  const name = `${label}_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  const ownerUrl = withPath(testServerUrl(), name);
  await migrateDatabase({ url: ownerUrl, password, migrations });
  const login = new URL(ownerUrl);
  login.username = name;
  login.password = password;
  const source = await new DataSource(dataSourceOptions({ url: login.href, applicationName: label })).initialize();
  const database = new Database(source);
  if (isOfNow) await database.onModuleInit();
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  owner.on('error', () => undefined);
  return {
    name,
    ownerUrl,
    url: login.href,
    source,
    database,
    asOwner: async <Row>(sql: string, parameters: unknown[] = []) => (await owner.query(sql, parameters)).rows as Row[],
    drop: async () => {
      if (source.isInitialized) await source.destroy();
      await owner.end();
      await dropDatabase(name);
    },
  };
}

/** Removes a service's database and its roles. */
export async function dropDatabase(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: withPath(testServerUrl(), 'postgres') });
  await client.connect();
  try {
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    for (const role of [name, `${name}_jobs`, `${name}_code`, `${name}_self`])
      await client.query(`drop role if exists ${pg.escapeIdentifier(role)}`);
  } finally {
    await client.end();
  }
}

function withPath(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
