import { randomUUID } from 'node:crypto';
import type { Cache, CacheOptions, Lease } from './cache.js';

interface Entry<Value> {
  value: Value;
  /** Milliseconds, by `performance.now()`: no correction of the clock makes it longer. */
  until: number;
  size: number;
}

/** A cache of this process. */
export class MemoryCache<Value> implements Cache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  /** In the order of their times; forgotten when every lease that was taken before has ended. */
  private readonly drops = new Map<string, { id: string; at: number }>();
  private bytes = 0;

  constructor(private readonly options: CacheOptions<Value>) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.until > performance.now()) return entry.value;
    this.remove(key);
    return undefined;
  }

  lease(key: string): Lease {
    return { key, after: this.lastDropOf(key), takenAt: performance.now() };
  }

  holds({ key, after, takenAt }: Lease): boolean {
    return performance.now() - takenAt < this.options.timeToLive && this.lastDropOf(key) === after;
  }

  put(lease: Lease, value: Value): boolean {
    if (!this.holds(lease)) return false;
    const { sizeOf, timeToLive } = this.options;
    this.remove(lease.key);
    const size = sizeOf?.(value) ?? 0;
    this.entries.set(lease.key, { value, until: lease.takenAt + timeToLive, size });
    this.bytes += size;
    if (this.isFull()) this.makeRoom();
    return true;
  }

  /** @param id tells this drop from every other, here and elsewhere */
  drop(key: string, id: string = randomUUID()): void {
    this.remove(key);
    const now = performance.now();
    this.drops.delete(key);
    this.drops.set(key, { id, at: now });
    for (const [other, { at }] of this.drops) {
      if (now - at < 2 * this.options.timeToLive) break;
      this.drops.delete(other);
    }
  }

  close(): void {
    this.entries.clear();
  }

  private isFull(): boolean {
    const { entries, bytes = Infinity } = this.options.most;
    return this.entries.size > entries || this.bytes > bytes;
  }

  /** The oldest go. Not looked for unless needed: V8 finds the first entry of a Map past all that were deleted before it. */
  private makeRoom(): void {
    for (const key of this.entries.keys()) {
      if (!this.isFull()) break;
      this.remove(key);
    }
  }

  private lastDropOf(key: string): string | undefined {
    return this.drops.get(key)?.id;
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.bytes -= entry.size;
  }
}
