/** Counts what is being worked on, so that a shutdown can wait for it. */
export class RunningHandlers {
  private readonly running = new Set<Promise<unknown>>();

  track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    const done = () => this.running.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when all has ended, or after `limit` milliseconds. @returns how many still run. */
  async settled(limit: number): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit)));
    await Promise.race([Promise.allSettled(this.running), late]);
    clearTimeout(timer);
    return this.running.size;
  }
}
