import { connectRedis } from '@app/caching';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { GatewayConfig } from '../config.js';

export type LimitName = keyof GatewayConfig['limits'];

/** How one limit stands after a request. */
export interface Standing {
  name: LimitName;
  quota: number;
  remaining: number;
  /** Seconds until the quota is whole again. */
  reset: number;
  exceeded: boolean;
}

/** Seconds that a quota is for. */
export const WINDOW = 60;

/**
 * Counts requests by key, in Redis if there is one, so that replicas count together. While Redis is away each replica
 * counts alone: limits never stop, and never stop anyone because of Redis.
 */
@Injectable()
export class Limits implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;
  private readonly limiters: Partial<Record<LimitName, { quota: number; limiter: RateLimiterAbstract }>> = {};

  constructor({ limits, redis }: Pick<GatewayConfig, 'limits' | 'redis'>) {
    this.redis = redis && connectRedis(redis.url);
    for (const name of Object.keys(limits) as LimitName[]) {
      const quota = limits[name];
      if (quota === 0) continue;
      const options = { keyPrefix: `${redis?.prefix ?? ''}limit:${name}`, points: quota, duration: WINDOW };
      const memory = new RateLimiterMemory(options);
      const limiter = this.redis
        ? new RateLimiterRedis({
            ...options,
            storeClient: this.redis,
            insuranceLimiter: memory,
            rejectIfRedisNotReady: true,
          })
        : memory;
      this.limiters[name] = { quota, limiter };
    }
  }

  /** Counts one request; undefined, at once, when this limit is off. */
  count(name: LimitName, key: string): Promise<Standing> | undefined {
    const limit = this.limiters[name];
    if (!limit) return undefined;
    const { quota, limiter } = limit;
    const standing = ({ msBeforeNext, remainingPoints }: RateLimiterRes, exceeded: boolean): Standing => {
      const reset = Math.max(1, Math.ceil(msBeforeNext / 1000));
      return { name, quota, remaining: Math.max(0, remainingPoints), reset, exceeded };
    };
    return limiter.consume(key).then(
      (consumed) => standing(consumed, false),
      (refused: unknown) => {
        if (refused instanceof RateLimiterRes) return standing(refused, true);
        throw refused;
      },
    );
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}
