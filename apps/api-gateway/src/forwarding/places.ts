import { ProblemError } from '@app/problem-details';

interface Waiting {
  enter: () => void;
  turnAway: () => void;
  timer: NodeJS.Timeout;
  isGone: () => boolean;
}

/**
 * Places at a service. Who finds none waits in line, in the order of arrival and for `patience` milliseconds at most: under
 * more than can be served, who is let in is served soon and who is not hears so, instead of all waiting ever longer.
 */
export class Places {
  private taken = 0;
  private readonly line: Waiting[] = [];

  constructor(
    private readonly count: number,
    private readonly patience: number,
  ) {}

  /**
   * @param isGone whether nobody waits for the answer any more: then it is not begun
   * @throws ProblemError `service-unavailable` when no place came free in time
   */
  async hold<Value>(work: () => Promise<Value>, isGone: () => boolean): Promise<Value> {
    if (this.taken >= this.count) await this.wait(isGone);
    else this.taken += 1;
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private wait(isGone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiting), 1);
        reject(tooMany());
      }, this.patience);
      const waiting = { enter: resolve, turnAway: () => reject(tooMany()), timer, isGone };
      this.line.push(waiting);
    });
  }

  /** Passes the place on. */
  private leave(): void {
    for (let next = this.line.shift(); next; next = this.line.shift()) {
      clearTimeout(next.timer);
      if (!next.isGone()) return next.enter();
      next.turnAway();
    }
    this.taken -= 1;
  }
}

const tooMany = () =>
  new ProblemError('service-unavailable', 'More people are here than can be served right now. Try again in a moment.');
