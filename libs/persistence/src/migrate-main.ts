import { migrateDatabase, type MigrationPlan } from './migrate-database.js';

/**
 * The whole of a service's `migrate.ts`: reads the owner's `DATABASE_URL` and `DATABASE_ROLE_PASSWORD`, migrates, and
 * ends the process: 0 when the schema is up to date, 1 with a clear line otherwise.
 */
export async function migrateMain(migrations: MigrationPlan['migrations']): Promise<void> {
  const { DATABASE_URL: url, DATABASE_ROLE_PASSWORD: password } = process.env;
  if (!url || !password) {
    console.error(
      "Set DATABASE_URL (the owner's login to this service's database) and DATABASE_ROLE_PASSWORD (for the service's login role).",
    );
    process.exit(1);
  }
  try {
    await migrateDatabase({ url, password, migrations });
  } catch (error) {
    console.error(`The migration of ${new URL(url).pathname.slice(1)} failed:`, error);
    process.exit(1);
  }
}
