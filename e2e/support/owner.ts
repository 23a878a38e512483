import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { testServerUrl, type Platform } from '@app/testing';
import pg from 'pg';
import { databasePassword, loadSecrets } from '../../apps/standalone/src/data-directory/secrets.js';
import { OWNER } from '../../apps/standalone/src/embedded-postgres/initialise.js';
import { findPostmaster } from '../../apps/standalone/src/embedded-postgres/postmaster.js';

/** What begins the names of a platform's databases: with real services also those of its queues. */
export function databasePrefixOf({ dataDirectory }: Platform): string {
  if (!process.env.TEST_SERVICES) return 'ticketing';
  const { RABBITMQ_URL } = JSON.parse(readFileSync(join(dataDirectory, 'broker.json'), 'utf8'));
  return new URL(RABBITMQ_URL).searchParams.get('prefix') ?? '';
}

/** The owner's login to the server's maintenance database, past all cables. */
export function ownerUrlOf({ dataDirectory }: Platform): string {
  if (process.env.TEST_SERVICES) return testServerUrl();
  const password = databasePassword(loadSecrets(join(dataDirectory, 'secrets.json')), 'owner');
  return `postgres://${OWNER}:${password}@127.0.0.1:${postmasterOf(dataDirectory).port}/postgres`;
}

/** The embedded server of a platform. @throws while none runs */
export function postmasterOf(dataDirectory: string): { pid: number; port: number; status: string } {
  const postmaster = findPostmaster(realpathSync(join(dataDirectory, 'postgres')));
  if (!postmaster) throw new Error('The embedded database does not run.');
  return postmaster;
}

/** One statement as the owner, in the server's maintenance database or in one of the platform's. */
export async function asOwner(
  platform: Platform,
  sql: string,
  parameters: unknown[] = [],
  database?: string,
): Promise<any[]> {
  const url = new URL(ownerUrlOf(platform));
  if (database) url.pathname = `/${databasePrefixOf(platform)}_${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
