import { Redis } from 'ioredis';
import pg from 'pg';
import { on } from '../../bench/stage/databases.mjs';
import { cableTo } from './cable.mjs';
import { RETRY_DELAYS } from './retry-delays.mjs';

/** Databases of this run's own on a server that others use, too. */
export async function givenDatabase({ label }, url) {
  const direct = withPath(url, label);
  const through = await cableTo(direct, 5432);
  return {
    title: `PostgreSQL at ${new URL(url).host}`,
    ...through,
    direct,
    async remove() {
      await through.cable.pull();
      await on(withPath(url, 'postgres'), (client) => dropAll(client, label));
    },
  };
}

async function dropAll(client, label) {
  const { rows: databases } = await client.query(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [`${label}_`],
  );
  for (const { name } of databases)
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  const { rows: roles } = await client.query('select rolname as name from pg_roles where starts_with(rolname, $1)', [
    `${label}_`,
  ]);
  for (const { name } of roles) await client.query(`drop role if exists ${pg.escapeIdentifier(name)}`);
}

export async function givenBroker({ label }, url) {
  const direct = withPrefix(url, label);
  const through = await cableTo(direct, 5672);
  return {
    title: `RabbitMQ at ${new URL(url).host}`,
    ...through,
    direct,
    async remove() {
      await through.cable.pull();
      const { deleteMessages } = await import('../../dist/libs/messaging/src/index.js');
      await deleteMessages(direct, RETRY_DELAYS);
    },
  };
}

export function withPrefix(url, label) {
  const prefixed = new URL(url);
  prefixed.searchParams.set('prefix', label);
  return prefixed.href;
}

export async function givenCache({ label }, url) {
  const through = await cableTo(url, 6379);
  const forget = () => removeKeys(url, label);
  return {
    title: `Redis at ${new URL(url).host}`,
    ...through,
    direct: url,
    /** Only what is ours. */
    forget,
    async remove() {
      await through.cable.pull();
      await forget();
    },
  };
}

async function removeKeys(url, label) {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${label}:*`, count: 1_000 }))
      if (keys.length > 0) await redis.del(...keys);
  } finally {
    redis.disconnect();
  }
}

function withPath(url, database) {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
