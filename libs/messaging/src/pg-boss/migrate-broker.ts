import { databaseOf, migrateDatabase } from '@app/persistence';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { QUEUES } from './queues.js';

export interface BrokerPlan {
  /** The owner's login to the broker's database, which is made if it is missing. */
  url: string;
  /** Of the login role of all services there, which bears the database's name. It can change no schema. */
  password: string;
}

/**
 * Makes the broker's database, brings pg-boss's schema up to date and declares the queues. Safe to run again, and needed
 * after an upgrade of pg-boss or a change of the subscriptions.
 */
export async function migrateBroker({ url, password }: BrokerPlan): Promise<void> {
  await migrateDatabase({ url, password, migrations: [] });
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 2 });
  let failure: Error | undefined;
  boss.on('error', (error) => (failure = error));
  await boss.start();
  try {
    for (const { name, ...options } of QUEUES) {
      await boss.createQueue(name, options);
      await boss.updateQueue(name, options);
    }
    await grant(boss, databaseOf(url));
  } finally {
    await boss.stop({ graceful: false });
  }
  if (failure) throw failure;
}

/** Rows only: services send, take and supervise, but make no tables. */
async function grant(boss: PgBoss, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await boss.getDb().executeSql(`grant usage on schema pgboss to ${name}`);
  await boss.getDb().executeSql(`grant select, insert, update, delete on all tables in schema pgboss to ${name}`);
}
