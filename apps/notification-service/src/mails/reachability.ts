const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * While the SMTP server is away, one mail at a time asks for it, ever more seldom; the others wait unharmed, and leave
 * as soon as one got through. Times are milliseconds.
 */
export class Reachability {
  private misses = 0;
  private notBefore = 0;

  /** How many of `most` mails may be on their way at `now`. */
  room(now: number, most: number): number {
    if (this.misses === 0) return most;
    return now >= this.notBefore ? 1 : 0;
  }

  /** The server answered, whatever it said. */
  reached(): void {
    this.misses = 0;
  }

  /** Mails that left together and found no server count as one. */
  missed(now: number): void {
    if (this.misses > 0 && now < this.notBefore) return;
    this.notBefore = now + Math.min(FIRST_PAUSE_MS * 2 ** this.misses, LONGEST_PAUSE_MS);
    this.misses += 1;
  }
}
