import { exitStatusOf, postgresUrl, readEnvironment } from '@app/configuration';
import { z } from 'zod';
import { migrateDatabase, type MigrationPlan } from './migrate-database.js';

const Environment = z.object({
  DATABASE_URL: postgresUrl,
  DATABASE_ROLE_PASSWORD: z.string(),
});

/** The whole of a service's `migrate.ts`: brings its schema up to date, as `runMigration` says. */
export const migrateMain = (migrations: MigrationPlan['migrations']): Promise<void> =>
  runMigration((login) => migrateDatabase({ ...login, migrations }));

/**
 * Reads the owner's login to a database, `DATABASE_URL`, and `DATABASE_ROLE_PASSWORD` for the login role of the service,
 * and migrates. Ends the process with a clear line when that fails: with EX_CONFIG when the environment does not fit.
 */
export async function runMigration(migrate: (login: { url: string; password: string }) => Promise<void>) {
  let name = '';
  try {
    const { DATABASE_URL: url, DATABASE_ROLE_PASSWORD: password } = readEnvironment(Environment, process.env);
    name = new URL(url).pathname.slice(1);
    await migrate({ url, password });
  } catch (error) {
    const status = exitStatusOf(error);
    if (status === 1) console.error(`The migration of ${name} failed:`, error);
    else console.error((error as Error).message);
    process.exit(status);
  }
}
