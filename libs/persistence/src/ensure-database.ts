import pg from 'pg';

/** Login roles and databases belong to the whole server: their making is serialised in its maintenance database. */
const SERVER_LOCK = 4_711_000;

export const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

/** Runs work on the server's maintenance database while no other of our processes does. */
export async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [SERVER_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function ensureDatabase(url: string): Promise<void> {
  const name = databaseOf(url);
  await onServer(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0)
      await client.query(`create database ${pg.escapeIdentifier(name)} encoding 'UTF8' template template0`);
  });
}
