import { connectRedis } from '@app/caching';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { GatewayConfig } from '../config.js';
import { consume, counterOf } from './counter.js';

export type LimitName = keyof GatewayConfig['limits'];

/** How one limit stands after a request. */
export interface Standing {
  name: LimitName;
  quota: number;
  remaining: number;
  /** Seconds until the quota is whole again. */
  reset: number;
  exceeded: boolean;
  /** The first of its key that was too much in this window. */
  isFirst: boolean;
}

/** Seconds that a quota is for. */
export const WINDOW = 60;
/** Milliseconds for which a request waits for Redis; then this process counts alone. Every request pays them while Redis is slow. */
const COUNT_LIMIT = 100;
/** Quotas of their own that keys have are remembered by their number, up to so many. */
const MOST_QUOTAS = 1_000;

/**
 * Counts requests by key, in Redis if there is one, so that replicas count together. While Redis is away each replica
 * counts alone: limits never stop, and never stop anyone because of Redis.
 */
@Injectable()
export class Limits implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;
  private readonly counters = new Map<string, RateLimiterAbstract>();

  constructor(private readonly config: Pick<GatewayConfig, 'limits' | 'redis'>) {
    const { redis } = config;
    this.redis = redis && connectRedis(redis.url, { commandTimeout: COUNT_LIMIT });
  }

  /**
   * Counts one request; undefined, at once, when this limit is off.
   * @param own quota of this key alone, if it is smaller than everybody's or there is none
   */
  count(name: LimitName, key: string, own?: number): Promise<Standing> | undefined {
    const quota = Math.min(this.config.limits[name] || Infinity, own ?? Infinity);
    if (quota === Infinity) return undefined;
    return consume(this.counterOf(name, quota), key).then(({ counted, exceeded, isFirst }) => ({
      name,
      quota,
      remaining: Math.max(0, counted.remainingPoints),
      reset: Math.max(1, Math.ceil(counted.msBeforeNext / 1000)),
      exceeded,
      isFirst,
    }));
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private counterOf(name: LimitName, quota: number): RateLimiterAbstract {
    const id = `${name}:${quota}`;
    const known = this.counters.get(id);
    if (known) return known;
    if (this.counters.size > MOST_QUOTAS) this.counters.clear();
    const keyPrefix = `${this.config.redis?.prefix ?? ''}limit:${name}`;
    const counter = counterOf({ keyPrefix, points: quota, duration: WINDOW }, this.redis);
    this.counters.set(id, counter);
    return counter;
  }
}
