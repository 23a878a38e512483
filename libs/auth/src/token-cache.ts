/**
 * What a token was found to say, by the token's text, until it ends. Bounded: the oldest entry makes room.
 * Verifying a signature takes about 100 µs, finding it here less than one.
 */
export class TokenCache<Value> {
  private readonly entries = new Map<string, { value: Value; until: number }>();

  constructor(private readonly capacity: number) {}

  get(token: string): Value | undefined {
    const entry = this.entries.get(token);
    if (!entry) return undefined;
    if (entry.until > Date.now()) return entry.value;
    this.entries.delete(token);
    return undefined;
  }

  /** @param until milliseconds since the epoch */
  set(token: string, value: Value, until: number): void {
    if (this.entries.size >= this.capacity) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(token, { value, until });
  }

  delete(token: string): void {
    this.entries.delete(token);
  }

  get size(): number {
    return this.entries.size;
  }
}
