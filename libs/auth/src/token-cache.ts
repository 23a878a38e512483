/**
 * What a token was found to say, by the token's text, until it ends. Bounded: in two halves, of which the older is
 * forgotten when the younger is full, unless it was asked for meanwhile. A Map that gives up its first entry for each new one
 * is slow: V8 looks for the first past all that were deleted before it.
 * Verifying a signature takes about 100 µs, finding it here less than one.
 */
export class TokenCache<Value> {
  private young = new Map<string, { value: Value; until: number }>();
  private old = new Map<string, { value: Value; until: number }>();

  constructor(private readonly capacity: number) {}

  get(token: string): Value | undefined {
    const entry = this.young.get(token) ?? this.old.get(token);
    if (!entry) return undefined;
    if (entry.until <= Date.now()) {
      this.delete(token);
      return undefined;
    }
    if (!this.young.has(token)) this.set(token, entry.value, entry.until);
    return entry.value;
  }

  /** @param until milliseconds since the epoch */
  set(token: string, value: Value, until: number): void {
    if (this.young.size >= this.capacity / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(token, { value, until });
  }

  delete(token: string): void {
    this.young.delete(token);
    this.old.delete(token);
  }

  /** Entries that take room; one that was asked for lately may stand in both halves. */
  get size(): number {
    return this.young.size + this.old.size;
  }
}
