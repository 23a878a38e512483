import pg from 'pg';
import { deadLettersOf, queueOf } from '../pg-boss/queues.js';
import { consumers } from '../subscribed-types.js';
import type { Backlog, Counts } from './backlog.js';

const TIME_LIMIT = 10_000;

// A job may carry several messages.
const MESSAGES = `
  select name, sum(coalesce(jsonb_array_length(data -> 'envelopes'), 1))::int as messages from pgboss.job
  where name = any($1) and state in ('created', 'retry', 'active') group by name`;

export async function readPgBossBacklog(brokerDatabaseUrl: string): Promise<Backlog> {
  const client = new pg.Client({
    connectionString: brokerDatabaseUrl,
    connectionTimeoutMillis: TIME_LIMIT,
    query_timeout: TIME_LIMIT,
  });
  await client.connect();
  try {
    const count = async (queues: string[]): Promise<Counts> => {
      const { rows } = await client.query<{ name: string; messages: number }>(MESSAGES, [queues]);
      return Object.fromEntries(rows.map(({ name, messages }) => [name, messages]));
    };
    return { waiting: await count(consumers.map(queueOf)), dead: await count(consumers.map(deadLettersOf)) };
  } finally {
    await client.end();
  }
}
