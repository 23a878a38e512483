import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Cache, CacheOptions, Lease } from './cache.js';
import { connectRedis } from './connect-redis.js';
import type { RedisOptions } from './environment.js';
import { MemoryCache } from './memory-cache.js';

const Told = z.object({ from: z.string(), key: z.string() });
const Drop = Told.extend({ drop: z.string() });
const Put = Told.extend({
  after: z.string().optional(),
  /** Milliseconds since the lease, when this was told. */
  age: z.number().min(0),
  /** Milliseconds since the epoch. */
  toldAt: z.number(),
  value: z.unknown(),
});
const Message = z.union([Drop, Put]);

/** Who hears subscribes anew itself, to one channel. */
const ONE_CHANNEL = { autoResubscribe: false };

/**
 * A cache of this process that tells its replicas, over one channel, what it drops and, where values are shared, what it
 * puts. Nothing lies in Redis. While Redis is away each replica is alone, and what others drop lasts out its time to live.
 */
export class RedisCache<Value> implements Cache<Value> {
  private readonly log = new Logger(RedisCache.name);
  private readonly here: MemoryCache<Value>;
  private readonly id = randomUUID();
  private readonly channel: string;
  private readonly telling: Redis;
  private readonly hearing: Redis;

  constructor(
    private readonly options: CacheOptions<Value>,
    { url, prefix }: RedisOptions,
  ) {
    this.here = new MemoryCache(options);
    this.channel = `${prefix}cache:${options.name}`;
    this.telling = connectRedis(url, ONE_CHANNEL);
    this.hearing = connectRedis(url, ONE_CHANNEL);
    this.hearing.on('message', (_channel: string, text: string) => this.hear(text));
    this.hearing.on('ready', () => {
      this.hearing.subscribe(this.channel).catch((error: Error) => {
        this.log.warn(`Redis: ${error.message}`);
        // The next connection subscribes.
        this.hearing.disconnect(true);
      });
    });
  }

  get(key: string): Value | undefined {
    return this.here.get(key);
  }

  lease(key: string): Lease {
    return this.here.lease(key);
  }

  holds(lease: Lease): boolean {
    return this.here.holds(lease);
  }

  put(lease: Lease, value: Value): boolean {
    if (!this.here.put(lease, value)) return false;
    const { key, after, takenAt } = lease;
    if (this.options.shared)
      this.tell({ from: this.id, key, after, age: performance.now() - takenAt, toldAt: Date.now(), value });
    return true;
  }

  drop(key: string): void {
    const id = randomUUID();
    this.here.drop(key, id);
    this.tell({ from: this.id, key, drop: id });
  }

  close(): void {
    this.telling.disconnect();
    this.hearing.disconnect();
    this.here.close();
  }

  private tell(message: z.input<typeof Message>): void {
    // Redis that is away has said so itself; the time to live does the rest.
    this.telling.publish(this.channel, JSON.stringify(message)).catch(() => undefined);
  }

  private hear(text: string): void {
    const message = read(text);
    if (!message || message.from === this.id) return;
    if ('drop' in message) return this.here.drop(message.key, message.drop);
    const { key, after, age, toldAt } = message;
    const { data: value, success } = this.options.shared?.safeParse(message.value) ?? { success: false };
    // A message may have waited on its way; clocks that differ may only make the time shorter.
    const onItsWay = Math.max(0, Date.now() - toldAt);
    if (success) this.here.put({ key, after, takenAt: performance.now() - age - onItsWay }, value as Value);
  }
}

/** What is no message of ours concerns nobody. */
function read(text: string): z.infer<typeof Message> | undefined {
  try {
    return Message.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
