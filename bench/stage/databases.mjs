import { join } from 'node:path';
import pg from 'pg';

const compiled = '../../dist/apps/standalone/src';

/**
 * What a platform of ours keeps to itself: its secrets, and the owner's logins to its databases.
 * @param given { ownerUrl, prefix }: where its databases are and how their names begin, unless it has embedded ones
 */
export async function innerSide({ dataDirectory }, given) {
  const { databasesOn } = await import(`${compiled}/databases/databases.js`);
  const { databasePassword, loadSecrets, serviceKeys } = await import(`${compiled}/data-directory/secrets.js`);
  const { EmbeddedPostgres } = await import(`${compiled}/embedded-postgres/embedded-postgres.js`);
  const secrets = loadSecrets(join(dataDirectory, 'secrets.json'));
  const embedded = () => {
    const port = EmbeddedPostgres.portInUse(join(dataDirectory, 'postgres'));
    return `postgres://postgres:${databasePassword(secrets, 'owner')}@127.0.0.1:${port}/postgres`;
  };
  const { ownerUrl, prefix } = given ?? { ownerUrl: embedded(), prefix: 'ticketing' };
  return {
    ownerUrl,
    secrets,
    keysOf: (service) => serviceKeys(secrets, service),
    databases: databasesOn(ownerUrl, prefix, secrets),
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
