import type { Redis } from 'ioredis';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type IRateLimiterOptions,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';

/** Keys that a process counts apart in a window, of each limit; what comes after them shares so many counts. */
const APART = 50_000;
const SHARED = 4_096;

/** Counts by key; keys beyond what memory is meant for share counts, so that nobody fills it by coming from everywhere. */
class BoundedMemory extends RateLimiterMemory {
  private known = new Set<string>();
  private until = 0;

  constructor(
    options: IRateLimiterOptions,
    private readonly apart: number,
  ) {
    super(options);
  }

  override getKey(key: string | number): string {
    return super.getKey(this.isApart(String(key)) ? key : `shared-${hash(String(key)) % SHARED}`);
  }

  private isApart(key: string): boolean {
    const now = performance.now();
    if (now > this.until) {
      this.known = new Set();
      this.until = now + this.duration * 1000;
    }
    if (this.known.size < this.apart) this.known.add(key);
    return this.known.has(key);
  }
}

/** FNV-1a; who chooses keys so that they meet, meets only himself. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}

/** How often a key was counted in a window, in Redis if there is one, and here while it is away. */
export function counterOf(options: IRateLimiterOptions, redis?: Redis, apart = APART): RateLimiterAbstract {
  const memory = new BoundedMemory(options, apart);
  if (!redis) return memory;
  const insured = { storeClient: redis, insuranceLimiter: memory, rejectIfRedisNotReady: true };
  return new RateLimiterRedis({ ...options, ...insured });
}

/** Counts one; `exceeded` when it was too many, `isFirst` when it was the first of these. */
export const consume = (
  limiter: RateLimiterAbstract,
  key: string,
): Promise<{ counted: RateLimiterRes; exceeded: boolean; isFirst: boolean }> =>
  limiter.consume(key).then(
    (counted) => ({ counted, exceeded: false, isFirst: false }),
    (refused: unknown) => {
      if (refused instanceof RateLimiterRes)
        return { counted: refused, exceeded: true, isFirst: refused.consumedPoints === limiter.points + 1 };
      throw refused;
    },
  );
