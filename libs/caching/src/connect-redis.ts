import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';

/** Milliseconds: an answer that is late is worth less than none. */
const COMMAND_LIMIT = 250;
/** A server that says nothing for so long counts as away, so that nobody waits for it command by command. */
const SILENCE_LIMIT = 1_000;

/** What this process cannot reach at the moment, by address. */
const outages = new Map<string, Outage>();

/**
 * A connection to Redis as something that one can do without: no command waits for a connection or is repeated. Of an
 * outage the log has its beginning and its end, however many connections of the process it concerns.
 */
export function connectRedis(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: COMMAND_LIMIT,
    socketTimeout: SILENCE_LIMIT,
    maxRetriesPerRequest: 1,
    ...options,
  });
  const outage = outages.get(url) ?? new Outage();
  outages.set(url, outage);
  redis.on('error', (error: NodeJS.ErrnoException) => outage.concerns(redis, error));
  redis.on('ready', () => outage.isOverFor(redis));
  redis.on('end', () => outage.forget(redis));
  return redis;
}

class Outage {
  private readonly log = new Logger('Redis');
  private readonly away = new Set<Redis>();
  private since = 0;

  concerns(redis: Redis, { message, code }: NodeJS.ErrnoException): void {
    if (this.away.size === 0) {
      this.since = performance.now();
      // Of a name with two addresses of which neither answers, Node tells the code alone.
      this.log.warn(`Redis is away, and this process goes on alone: ${message || code}`);
    }
    this.away.add(redis);
  }

  isOverFor(redis: Redis): void {
    if (!this.away.delete(redis) || this.away.size > 0) return;
    this.log.log(`Redis is back after ${((performance.now() - this.since) / 1000).toFixed(1)} s`);
  }

  /** The connection was given up by its owner. */
  forget(redis: Redis): void {
    this.away.delete(redis);
  }
}
