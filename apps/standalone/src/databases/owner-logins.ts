import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { databasePassword, loadSecrets, type Secrets } from '../data-directory/secrets.js';
import { EmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';
import { OWNER } from '../embedded-postgres/initialise.js';
import { ExpectedError } from '../expected-error.js';
import { ownerUrlOf, type DatabaseOwner } from './databases.js';

/** The owner's login to each database of the server that the environment names, or of the platform that runs on DATA_DIR. */
export function ownerLogins(config: Config): (owner: DatabaseOwner | 'broker') => string {
  const ownerUrl = config.databaseUrl ?? embeddedOwnerUrl(config);
  return (owner) => ownerUrlOf(owner, ownerUrl, config.databasePrefix);
}

/** The secrets of a DATA_DIR on which a platform has run. */
export function keptSecrets({ dataDirectory }: Config): Secrets | undefined {
  const file = join(dataDirectory, 'secrets.json');
  return existsSync(file) ? loadSecrets(file) : undefined;
}

function embeddedOwnerUrl(config: Config): string {
  const { dataDirectory } = config;
  const secrets = keptSecrets(config);
  const port = EmbeddedPostgres.portInUse(join(dataDirectory, 'postgres'));
  if (secrets && port) return `postgres://${OWNER}:${databasePassword(secrets, 'owner')}@127.0.0.1:${port}/postgres`;
  throw new ExpectedError(
    `No platform with a database of its own runs on ${dataDirectory}. Start it with \`npm start\`, or name its DATA_DIR, or its DATABASE_URL.`,
  );
}
