import { join } from 'node:path';
import pg from 'pg';

const compiled = '../../dist/apps/standalone/src';

/** What a platform of ours keeps to itself: its secrets, and the owner's logins to its databases. */
export async function innerSide({ dataDirectory }) {
  const { databasesOn } = await import(`${compiled}/databases/databases.js`);
  const { databasePassword, loadSecrets, serviceKeys } = await import(`${compiled}/data-directory/secrets.js`);
  const { EmbeddedPostgres } = await import(`${compiled}/embedded-postgres/embedded-postgres.js`);
  const secrets = loadSecrets(join(dataDirectory, 'secrets.json'));
  const port = EmbeddedPostgres.portInUse(join(dataDirectory, 'postgres'));
  const ownerUrl = `postgres://postgres:${databasePassword(secrets, 'owner')}@127.0.0.1:${port}/postgres`;
  return {
    ownerUrl,
    secrets,
    keysOf: (service) => serviceKeys(secrets, service),
    databases: databasesOn(ownerUrl, 'ticketing', secrets),
  };
}

/** One statement, or several by a function, on a connection of its own. */
export async function on(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await (typeof work === 'string' ? client.query(work).then(({ rows }) => rows) : work(client));
  } finally {
    await client.end();
  }
}
