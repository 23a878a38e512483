import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Milliseconds after which a client that lost its stream asks again. */
const RETRY = 2_000;
/** Milliseconds between comments, so that proxies and clients see that the stream lives. */
const COMMENT_EVERY = 15_000;
/** A reader that takes nothing for this long (milliseconds) is gone. */
const PATIENCE = 30_000;

/** To whoever counts requests: this answer goes on for as long as its reader wants, and is no work. */
export const STREAMING = Symbol('streaming');

/**
 * An answer of server-sent events (HTML standard, 9.2), each with the whole state: who is slow misses the states between,
 * and no more than one of them waits in memory. Needs no `Last-Event-ID` for the same reason.
 */
export class EventStream {
  private readonly comments: NodeJS.Timeout;
  private next: string | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private closing: (() => void)[] = [];

  private constructor(
    private readonly response: ServerResponse,
    private readonly event: string,
  ) {
    this.comments = setInterval(() => this.comment(), COMMENT_EVERY);
    response.on('drain', () => this.drained()).once('close', () => this.closed());
    response.on('error', () => response.destroy());
  }

  /** Answers 200 and begins. @param event name of its events */
  static open(reply: FastifyReply, event: string): EventStream {
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.emit(STREAMING);
    response.write(`retry: ${RETRY}\n\n`);
    return new EventStream(response, event);
  }

  get isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  /** @param data one line, such as JSON */
  send(data: string): void {
    if (!this.isOpen) return;
    if (this.response.writableNeedDrain) this.wait(data);
    else this.response.write(`event: ${this.event}\ndata: ${data}\n\n`);
  }

  end(): void {
    if (this.isOpen) this.response.end();
    // Who does not read does not see the end either.
    setTimeout(() => this.response.destroy(), 1_000).unref();
  }

  onClose(work: () => void): void {
    this.closing.push(work);
  }

  private comment(): void {
    if (this.isOpen && !this.response.writableNeedDrain) this.response.write(':\n\n');
    else this.wait();
  }

  private wait(data = this.next): void {
    this.next = data;
    this.waiting ??= setTimeout(() => this.response.destroy(), PATIENCE).unref();
  }

  private drained(): void {
    clearTimeout(this.waiting);
    const { next } = this;
    this.waiting = this.next = undefined;
    if (next !== undefined) this.send(next);
  }

  private closed(): void {
    clearInterval(this.comments);
    clearTimeout(this.waiting);
    this.next = undefined;
    for (const work of this.closing.splice(0)) work();
  }
}
