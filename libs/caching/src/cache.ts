import type { z } from 'zod';

/**
 * Leave to keep what is read from now on. It ends when its key is dropped, so that what was read before a change and
 * arrives after it is never kept, and with the time to live.
 * Source of the idea: leases, Nishtala et al., Scaling Memcache at Facebook, 2013.
 */
export interface Lease {
  readonly key: string;
  /** The last drop of the key that was known when the lease was taken. */
  readonly after: string | undefined;
  /** Milliseconds, by `performance.now()`. */
  readonly takenAt: number;
}

/**
 * What was read a moment ago, for the many who ask in the same moment. Nothing is older than the time to live, counted from
 * the lease; reading never waits and never fails.
 */
export interface Cache<Value> {
  get(key: string): Value | undefined;
  /** To be taken before the source is asked. */
  lease(key: string): Lease;
  holds(lease: Lease): boolean;
  /** False, and nothing is kept, when the lease has ended. */
  put(lease: Lease, value: Value): boolean;
  /** To be called after a change of the source is committed, whether anything is kept or not. */
  drop(key: string): void;
  close(): void;
}

export interface CacheOptions<Value> {
  /** Replicas that share this cache know it by this name. */
  name: string;
  /** Milliseconds. */
  timeToLive: number;
  /** The oldest make room for what is more than this. */
  most: { entries: number; bytes?: number };
  /** Bytes, for the bound on bytes. */
  sizeOf?: (value: Value) => number;
  /** Reads values that other replicas have put. Without it replicas share drops only. */
  shared?: z.ZodType<Value>;
}
