import pg from 'pg';
import { ExpectedError } from '../expected-error.js';
import type { Log } from '../logs/log.js';
import { runToEnd } from '../processes/run-to-end.js';
import type { Programs } from '../programs.js';
import { OWNERS, type DatabaseOwner, type Databases, type ServiceDatabase } from './databases.js';
import { schemaOf, SchemaMarks } from './schema-marks.js';

export interface PreparationOptions {
  programs: Programs;
  /** Services with a database that will be started. */
  services: readonly DatabaseOwner[];
  /** Whether messages go through PostgreSQL. */
  broker: boolean;
  environment: Readonly<Record<string, string>>;
  log: Log;
  signal: AbortSignal;
}

/**
 * Brings every database up to date: each service's own `migrate.js` as a process, all at once. Skips those that are
 * marked as prepared by the same code. @throws ExpectedError when the server cannot be reached
 */
export async function prepareDatabases(databases: Databases, options: PreparationOptions): Promise<void> {
  const wanted = OWNERS.filter((owner) => options.services.includes(owner)).map((app) => ({
    app: app as string,
    database: databases.of[app],
  }));
  // Our own `migrate.js` is that of the messages' database, which belongs to no service.
  if (options.broker) wanted.push({ app: 'standalone', database: databases.broker });
  const schemas = new Map(wanted.map(({ app, database }) => [database, schemaOf(options.programs.dist, app)]));
  const server = await connect(databases.serverUrl);
  try {
    const all = wanted.map(({ database }) => database);
    const before = await SchemaMarks.read(server, all);
    const due = wanted.filter(({ database }) => !before.has(database, schemas.get(database) ?? ''));
    if (due.length === 0) return;
    options.log.say('info', `preparing the databases ${due.map(({ database }) => database.name).join(', ')}`);
    await Promise.all(due.map(({ app, database }) => migrate(app, database, options)));
    const after = await SchemaMarks.read(server, all);
    for (const { database } of due) await after.write(database, schemas.get(database) ?? '');
  } finally {
    await server.end();
  }
}

function migrate(app: string, { ownerUrl, password }: ServiceDatabase, options: PreparationOptions): Promise<void> {
  return runToEnd({
    name: app,
    entry: options.programs.of(app, 'migrate'),
    environment: { ...options.environment, DATABASE_URL: ownerUrl, DATABASE_ROLE_PASSWORD: password },
    log: options.log,
    signal: options.signal,
  });
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host } = new URL(url);
    throw new ExpectedError(
      `The database server ${host} does not let us in: ${(error as Error).message}. DATABASE_URL must be the owner's login to a running PostgreSQL; unset it to use the embedded one.`,
    );
  }
}
