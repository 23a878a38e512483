import pg from 'pg';
import { DataSource, type MixedList } from 'typeorm';
import { ensureDatabase } from './ensure-database.js';
import { ensureRoles, grantSchema } from './roles.js';

export interface MigrationPlan {
  /** The owner's login to the service's database. The database is made if it is missing. */
  url: string;
  /** Of the service's login role, which bears the database's name and is made if it is missing. */
  password: string;
  migrations: MixedList<new () => import('typeorm').MigrationInterface>;
}

/** Any number: two runs at once wait for each other. Advisory locks belong to one database. */
const MIGRATION_LOCK = 4_711_001;

/**
 * Makes the database and its roles if they are missing and brings the schema up to date. Safe to run at any time and
 * by several processes at once. @throws when the server cannot be reached or a migration fails (then nothing of it stays).
 */
export async function migrateDatabase({ url, password, migrations }: MigrationPlan): Promise<void> {
  await ensureDatabase(url);
  await ensureRoles(url, password);
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await grantSchema(lock);
    const source = await new DataSource({
      type: 'postgres',
      url,
      migrations,
      migrationsTableName: 'schema_migrations',
      installExtensions: false,
    }).initialize();
    try {
      await source.runMigrations({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
