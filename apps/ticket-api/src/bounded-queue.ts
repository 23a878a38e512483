import { ProblemError } from '@app/problem-details';

/**
 * Runs at most `parallel` pieces of work at once and lets at most `waiting` more wait for their turn, first come first served.
 */
export class BoundedQueue {
  private running = 0;
  private readonly turns: (() => void)[] = [];

  constructor(
    private readonly parallel: number,
    private readonly waiting: number,
    private readonly refusal: string,
  ) {}

  /** @throws ProblemError `service-unavailable` at once when too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.parallel) {
      if (this.turns.length >= this.waiting) throw new ProblemError('service-unavailable', this.refusal);
      await new Promise<void>((resolve) => this.turns.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      // The next one takes over this place, so that nobody slips in between.
      const next = this.turns.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
