import type { Logger } from '@nestjs/common';
import { requestContext } from '@app/observability';

/**
 * Work in passes that never overlap in this process: whoever wakes it during a pass causes one more. Other replicas may
 * do the same work at the same time; the database hands each row to one of them.
 */
export class OneAtATime {
  private running: Promise<void> | undefined;
  private isDue = false;
  private stopped = false;

  /** `pass` tells whether there is more to do at once. */
  constructor(
    private readonly pass: () => Promise<boolean>,
    private readonly log: Logger,
  ) {}

  wake(): void {
    if (this.stopped) return;
    this.isDue = true;
    // A pass does the work of many: none of it belongs to the request that woke it.
    this.running ??= requestContext.exit(() => this.run()).finally(() => (this.running = undefined));
  }

  /** Resolves when the pass that runs has ended; there is no other after it. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isDue && !this.stopped) {
      this.isDue = false;
      if (await this.pass().catch((error: unknown) => this.failed(error))) this.isDue = true;
    }
  }

  private failed(error: unknown): false {
    this.log.warn('The pass failed; the next one tries again', error);
    return false;
  }
}
