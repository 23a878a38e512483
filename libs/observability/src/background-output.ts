import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** How long a dying process waits for a reader who takes nothing, in milliseconds. */
const PATIENCE = 2_000;
/** Between two writes, in milliseconds: under load each carries many lines. A line after a quiet moment is written at once. */
const PAUSE = 10;

/**
 * Writes lines in the background, and what is left at once when the process ends. Stands in for pino's own destination,
 * whose last flush repeats a write for ever whatever its error is (`flushSync` of sonic-boom 4): a process whose reader
 * was killed would never end.
 */
export class BackgroundOutput implements DestinationStream {
  private waiting = '';
  /** What a write left over. */
  private rest = Buffer.alloc(0);
  /** A write runs, or the pause after it. */
  private busy = false;
  /** Nobody reads any more; lines are for nobody. */
  private closed = false;

  constructor(private readonly descriptor: number) {
    process.once('exit', () => this.flushSync());
  }

  write(line: string): void {
    if (this.closed) return;
    this.waiting += line;
    this.next();
  }

  /** Called by pino after a fatal line, too. */
  flushSync(): void {
    this.take();
    for (const end = Date.now() + PATIENCE; this.rest.length > 0 && Date.now() < end;) {
      try {
        this.rest = this.rest.subarray(writeSync(this.descriptor, this.rest));
      } catch (error) {
        this.failed(error as NodeJS.ErrnoException);
        if (!this.closed) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
      }
    }
  }

  private next(): void {
    if (this.busy) return;
    this.take();
    if (this.rest.length === 0) return;
    const batch = this.rest;
    this.rest = Buffer.alloc(0);
    this.busy = true;
    write(this.descriptor, batch, (error, written) => {
      this.rest = Buffer.concat([error ? batch : batch.subarray(written), this.rest]);
      if (error) this.failed(error);
      // At the process's end the rest is flushed, so that the pause keeps nobody alive.
      setTimeout(() => {
        this.busy = false;
        this.next();
      }, PAUSE).unref();
    });
  }

  private take(): void {
    if (this.waiting === '') return;
    this.rest = Buffer.concat([this.rest, Buffer.from(this.waiting)]);
    this.waiting = '';
  }

  private failed({ code }: NodeJS.ErrnoException): void {
    if (code === 'EAGAIN') return;
    this.closed = true;
    this.rest = Buffer.alloc(0);
    this.waiting = '';
  }
}
