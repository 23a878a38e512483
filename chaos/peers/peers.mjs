import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';
import { freePort } from './free-port.mjs';
import { givenDatabase, givenBroker, givenCache } from './given.mjs';
import { privateDatabase } from './private-database.mjs';
import { privateRabbitMq } from './private-rabbitmq.mjs';
import { privateRedis } from './private-redis.mjs';
import { RETRY_DELAYS } from './retry-delays.mjs';

/**
 * The servers under the platform, each reached through a cable of this run's own. Those that are the run's own may also
 * be restarted and flushed; those that are given keep what is not of this run.
 * @param label before every database, queue and key of this run
 * @returns of `database`, `broker` and `cache` (the last two may be missing): `url` through the `cable`, `direct` past
 *   it, and what else can be done to them
 */
export async function openPeers(label, { isPrivate, environment }) {
  const workspace = mkdtempSync(join(tmpdir(), 'ticketing-chaos-'));
  // PostgreSQL runs as another user when we are root.
  chmodSync(workspace, 0o711);
  const opened = [];
  const remove = toBeUndone(async () => {
    for (const peer of opened.reverse()) await peer.remove();
    rmSync(workspace, { recursive: true, force: true });
  });
  const open = async (opener, ...about) => {
    const peer = await opener({ label, workspace, port: await freePort() }, ...about);
    opened.push(peer);
    return peer;
  };
  try {
    const { DATABASE_URL, RABBITMQ_URL, REDIS_URL } = isPrivate ? {} : environment;
    const database = await (DATABASE_URL ? open(givenDatabase, DATABASE_URL) : open(privateDatabase));
    const broker = await (isPrivate ? open(privateRabbitMq) : RABBITMQ_URL && open(givenBroker, RABBITMQ_URL));
    const cache = await (isPrivate ? open(privateRedis) : REDIS_URL && open(givenCache, REDIS_URL));
    return { label, database, broker, cache, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What a platform is told of them. */
export const environmentOf = ({ label, database, broker, cache }) => ({
  DATABASE_URL: database.url,
  MESSAGE_RETRY_DELAYS: RETRY_DELAYS.join(','),
  ...(broker ? { RABBITMQ_URL: broker.url } : { RABBITMQ_URL: '' }),
  ...(cache ? { REDIS_URL: cache.url, REDIS_PREFIX: `${label}:` } : { REDIS_URL: '' }),
});

/** In a few words, for who reads what the run prints. */
export const titleOf = (peers) =>
  ['database', 'broker', 'cache']
    .map((name) => peers[name]?.title ?? { broker: 'messages through PostgreSQL', cache: 'no Redis' }[name])
    .join(', ');
