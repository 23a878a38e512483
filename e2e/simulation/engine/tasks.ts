import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where a fault strikes a task. */
export interface Strike {
  /** The how-manieth await on a peer (a statement, a call of the provider, a mail), from 1. */
  at: number;
  /** Whether the peer has done it all the same. */
  side: 'before' | 'after';
  /** `cut`: the connection breaks, and the process goes on. `die`: nothing that the task does from then on has an effect. */
  what: 'cut' | 'die';
}

/** One thing that a process works on: a request, a message, a timer's look. */
export class Task {
  private awaits = 0;
  isDead = false;
  /** Whether the fault has struck. */
  isStruck = false;

  constructor(private readonly strike?: Strike) {}

  /** Counts one await on a peer. @returns the fault that strikes there */
  next(): Strike | undefined {
    this.awaits += 1;
    if (this.awaits !== this.strike?.at) return undefined;
    this.isStruck = true;
    return this.strike;
  }
}

const current = new AsyncLocalStorage<Task>();

/** The task that the code which asks belongs to. */
export const currentTask = (): Task | undefined => current.getStore();

export type Ending<T> =
  /** It has ended well, or by an error. */
  | { kind: 'done'; value: T }
  | { kind: 'failed'; error: unknown }
  /** Nobody will ever hear how it ended: its process died. */
  | { kind: 'lost' }
  /** It waits for a peer whose answer is held back. */
  | { kind: 'waits' };

/**
 * Runs tasks one after the other, each until it has ended or waits for a peer that is told to keep it waiting. So what
 * happens depends on the order of the steps alone, and that is decided by the seed.
 */
export class Tasks {
  private underWay = 0;
  private readonly unended = new Set<Task>();
  private rested: (() => void) | undefined;

  /** Something that the process waits for and that will surely come. */
  async follow<T>(work: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work;
    } finally {
      this.end();
    }
  }

  begin(): void {
    this.underWay += 1;
  }

  end(): void {
    this.underWay -= 1;
    if (this.underWay === 0) this.rested?.();
  }

  async run<T>(work: () => Promise<T>, strike?: Strike): Promise<Ending<T> & { task: Task }> {
    const task = new Task(strike);
    let ending: Ending<T> = { kind: 'waits' };
    const running = current.run(task, work);
    this.unended.add(task);
    running
      .then(
        (value) => (ending = { kind: 'done', value }),
        (error: unknown) => (ending = { kind: 'failed', error }),
      )
      .finally(() => this.unended.delete(task));
    await this.quiet();
    if (task.isDead) return { kind: 'lost', task };
    return { ...ending, task };
  }

  /** Tasks of living processes that have not ended. Once no call is held back they wait for what will never come. */
  get waiting(): number {
    return [...this.unended].filter(({ isDead }) => !isDead).length;
  }

  /** Until nothing moves any more. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < 4; turns += 1) {
      if (this.underWay > 0) {
        await new Promise<void>((resolve) => (this.rested = resolve));
        turns = -1;
      }
      await nextTurn();
    }
  }
}
