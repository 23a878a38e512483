/** Retries that may come at once, and what a request adds to them: of a hundred requests so many may be repeated. */
export const BURST = 50;
export const SHARE = 0.2;

/**
 * How many requests may be sent a second time: a share of all, so that an outage does not double what a service has to
 * bear when it comes back (Google SRE book, "Handling Overload", retry budgets).
 */
export class RetryBudget {
  private left = BURST;

  /** To be called for every request that is sent for the first time. */
  earn(): void {
    this.left = Math.min(BURST, this.left + SHARE);
  }

  /** Whether one more may be repeated, which is hereby counted. */
  spend(): boolean {
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
