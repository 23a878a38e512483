import type { Cache, CacheOptions } from './cache.js';
import type { RedisOptions } from './environment.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';

export type { Cache, Lease } from './cache.js';
export { connectRedis } from './connect-redis.js';
export { redisConfig, redisEnvironment, type RedisOptions } from './environment.js';

/** A cache that replicas share through Redis if there is one, else of this process alone. */
export const openCache = <Value>(options: CacheOptions<Value>, redis: RedisOptions | undefined): Cache<Value> =>
  redis ? new RedisCache(options, redis) : new MemoryCache(options);
