import { redisUrl } from '@app/configuration';
import { z } from 'zod';

/** The variables of Redis, for the schema of a service's environment. */
export const redisEnvironment = {
  REDIS_URL: redisUrl.optional(),
  REDIS_PREFIX: z.string().default(''),
};

export interface RedisOptions {
  url: string;
  /** Before the name of every key and channel. */
  prefix: string;
}

/** Redis, if there is one. */
export const redisConfig = (given: { REDIS_URL?: string; REDIS_PREFIX: string }): RedisOptions | undefined =>
  given.REDIS_URL === undefined ? undefined : { url: given.REDIS_URL, prefix: given.REDIS_PREFIX };
