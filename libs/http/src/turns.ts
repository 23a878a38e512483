/**
 * Requests that are begun, or answered, in one turn of the event loop. libuv accepts one connection a turn
 * (https://github.com/libuv/libuv/pull/3696): in long turns a crowd's connections wait in the kernel, where nobody can
 * refuse them, and so do timers and groups. Four take about a millisecond.
 */
export const EACH_TURN = 4;

/** Spreads what comes all at once over turns of the event loop, in the order in which it came. */
export class Turns {
  private taken = 0;
  private waiting: (() => void)[] = [];

  /** Resolves in the first turn that has room. */
  next(): Promise<void> | undefined {
    if (this.taken === 0) setImmediate(() => this.turn());
    this.taken += 1;
    return this.taken <= EACH_TURN ? undefined : new Promise((resolve) => this.waiting.push(resolve));
  }

  private turn(): void {
    const now = this.waiting.slice(0, EACH_TURN);
    this.waiting = this.waiting.slice(EACH_TURN);
    this.taken = now.length + this.waiting.length;
    if (this.taken > 0) setImmediate(() => this.turn());
    now.forEach((resolve) => resolve());
  }
}
