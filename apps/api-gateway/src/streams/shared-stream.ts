import { Logger } from '@nestjs/common';
import { EventStream, InternalCallError, readEvents, type InternalClient } from '@app/http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** Watchers that are told in one turn of the event loop. */
const EACH_TURN = 200;
/** Milliseconds before a stream that broke is asked for again, by chance up to twice as many: not all gateways at once. */
const PAUSE = 500;

/** One stream of a service, told to however many watch. Begins with the first of them and ends with the last. */
export class SharedStream {
  private readonly log = new Logger(SharedStream.name);
  private readonly watchers = new Set<EventStream>();
  private readonly stopped = new AbortController();
  private last: string | undefined;

  constructor(
    private readonly service: Pick<InternalClient, 'stream'>,
    private readonly path: string,
    private readonly onEmpty: () => void,
  ) {}

  add(watcher: EventStream): void {
    this.watchers.add(watcher);
    watcher.onClose(() => this.remove(watcher));
    if (this.last !== undefined) watcher.send(this.last);
    if (this.watchers.size === 1 && this.last === undefined) void this.read();
  }

  private remove(watcher: EventStream): void {
    this.watchers.delete(watcher);
    if (this.watchers.size > 0) return;
    this.stopped.abort();
    this.onEmpty();
  }

  /** A replica that dies takes nothing with it: another one tells the whole state. */
  private async read(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        for await (const data of readEvents(await this.service.stream(this.path, signal))) await this.tell(data);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof InternalCallError) return this.end(error);
        this.log.warn(`${this.path} broke off: ${(error as Error).message}`);
      }
      await sleep(PAUSE * (1 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async tell(data: string): Promise<void> {
    if (data === this.last) return;
    this.last = data;
    let told = 0;
    for (const watcher of [...this.watchers]) {
      watcher.send(data);
      if (++told % EACH_TURN === 0) await turn();
    }
  }

  /** What is watched is no longer there. */
  private end(error: InternalCallError): void {
    this.log.warn(error.message);
    for (const watcher of this.watchers) watcher.end();
  }
}
