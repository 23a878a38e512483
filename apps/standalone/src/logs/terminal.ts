import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Characters that may wait for a reader who does not read. */
const LONGEST_QUEUE = 1_000_000;

/**
 * Standard output that never blocks us: a terminal stopped by Ctrl-S, or a pipe that nobody reads, must not keep a dead
 * service from being restarted. What does not fit is dropped and counted; the log files have it.
 */
export class Terminal {
  private queue = '';
  private writing = false;
  private dropped = 0;
  private closed = false;

  constructor(private readonly descriptor = 1) {}

  write(text: string): void {
    if (this.closed) return;
    if (this.queue.length > LONGEST_QUEUE) {
      this.dropped += 1;
      return;
    }
    if (this.dropped > 0) this.queue += `… ${this.dropped} lines were not shown; they are in the log files …\n`;
    this.dropped = 0;
    this.queue += text;
    this.next();
  }

  /** @returns whether everything was read within `patience` milliseconds */
  async drained(patience: number): Promise<boolean> {
    for (const end = Date.now() + patience; this.writing && !this.closed; await sleep(10))
      if (Date.now() > end) return false;
    return true;
  }

  private next(): void {
    if (this.writing || this.queue === '') return;
    const bytes = Buffer.from(this.queue);
    this.queue = '';
    this.writing = true;
    this.pass(bytes);
  }

  private pass(bytes: Buffer): void {
    write(this.descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.pass(bytes), 10);
        return;
      }
      if (!error && written < bytes.length) {
        this.pass(bytes.subarray(written));
        return;
      }
      // Whoever read us is gone (EPIPE, EIO): the platform goes on without a reader.
      this.closed = error !== null;
      this.writing = false;
      this.next();
    });
  }
}
