import { DEFAULT_RETRY_DELAYS, deleteMessages, RetryDelays } from '@app/messaging';
import { Redis } from 'ioredis';
import { Cable } from './cable.js';
import { dropDatabase, testServerUrl } from './test-database.js';

/** The servers that a platform under test uses, and how what it leaves there is removed. */
export interface Peers {
  /** For the platform's environment; empty: its own embedded ones. */
  environment: Record<string, string>;
  /** Removes the keys that are there now. */
  flushRedis(): Promise<void>;
  remove(): Promise<void>;
}

/** To the real servers; an embedded one has none. */
export interface Cables {
  database: Cable;
  broker: Cable;
  redis: Cable;
}

const DATABASES = ['ticket_api', 'payment_service', 'notification_service', 'stripe_simulator', 'broker'];

/**
 * Embedded peers, or, when `npm run test:services` has set TEST_SERVICES, the real servers: databases, queues and keys
 * with this run's label before their names. One of the three missing is an error, never a silent skip.
 */
export function peersOfThisRun(label: string): Peers {
  const nothing = async () => undefined;
  if (!process.env.TEST_SERVICES) return { environment: {}, flushRedis: nothing, remove: nothing };
  const rabbitmq = new URL(required('TEST_RABBITMQ_URL'));
  rabbitmq.searchParams.set('prefix', label);
  const database = new URL(testServerUrl());
  database.pathname = `/${label}`;
  const redis = required('TEST_REDIS_URL');
  return {
    environment: {
      DATABASE_URL: database.href,
      RABBITMQ_URL: rabbitmq.href,
      REDIS_URL: redis,
      REDIS_PREFIX: `${label}:`,
    },
    flushRedis: () => removeKeys(redis, label),
    remove: async () => {
      for (const name of DATABASES) await dropDatabase(`${label}_${name}`);
      await deleteMessages(rabbitmq.href, retryDelays());
      await removeKeys(redis, label);
    },
  };
}

/** The same servers through cables of their own. */
export async function throughCables(peers: Peers): Promise<{ peers: Peers; cables: Cables | undefined }> {
  const { DATABASE_URL, RABBITMQ_URL, REDIS_URL } = peers.environment;
  if (!DATABASE_URL || !RABBITMQ_URL || !REDIS_URL) return { peers, cables: undefined };
  const database = await Cable.to(DATABASE_URL, 5432);
  const broker = await Cable.to(RABBITMQ_URL, 5672);
  const redis = await Cable.to(REDIS_URL, 6379);
  const environment = { DATABASE_URL: database.url, RABBITMQ_URL: broker.url, REDIS_URL: redis.url };
  const cables = { database: database.cable, broker: broker.cable, redis: redis.cable };
  const remove = async () => {
    for (const cable of Object.values(cables)) await cable.pull();
    await peers.remove();
  };
  return { peers: { ...peers, environment: { ...peers.environment, ...environment }, remove }, cables };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set, and TEST_SERVICES asks for the real services.`);
  return value;
}

async function removeKeys(url: string, label: string): Promise<void> {
  const redis = new Redis(url);
  const stream = redis.scanStream({ match: `${label}:*` });
  for await (const keys of stream as AsyncIterable<string[]>) if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
}

const retryDelays = () =>
  process.env.MESSAGE_RETRY_DELAYS ? RetryDelays.parse(process.env.MESSAGE_RETRY_DELAYS) : DEFAULT_RETRY_DELAYS;
