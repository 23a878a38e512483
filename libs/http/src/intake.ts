import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { requestIdFrom } from '@app/observability';
import { PROBLEM_MEDIA_TYPE, ProblemError, RETRY_AFTER_SECONDS, toProblem } from '@app/problem-details';
import { BARE_ANSWER } from './bare-answer.js';
import { STREAMING } from './event-stream/event-stream.js';
import { EACH_TURN } from './turns.js';

/** Milliseconds that a request may wait to be begun; one that has waited longer is refused: its answer would come too late. */
const LATEST = 500;
/** So many, of those that wait and those that are being answered, are served however late: a crowd is never only refused. */
const LET_IN = 1_000;
/** Refusing takes about a tenth of what serving does. */
const REFUSED_EACH_TURN = 10 * EACH_TURN;
const TELL_EVERY = 5_000;

interface Arrived {
  request: IncomingMessage;
  response: ServerResponse;
  since: number;
}

/**
 * Begins requests in the order of their arrival, so many a turn, and refuses what has waited too long: under twice the
 * capacity whoever is let in is served in bounded time, and who is not hears so. It stands before router, guards and
 * logs, since most of the work would be refusing. Health stays: an orchestrator that kills an overloaded process makes
 * things worse.
 */
export class Intake {
  private readonly log = new Logger(Intake.name);
  private line: Arrived[] = [];
  private begun = 0;
  private inside = 0;
  /** Requests inside, by their connection while it lives. */
  private readonly open = new WeakMap<Socket, number>();
  private untold = 0;
  private toldAt = -Infinity;

  constructor(
    private readonly begin: (request: IncomingMessage, response: ServerResponse) => void,
    private readonly countRefusals: (count: number) => void = () => undefined,
  ) {}

  take(request: IncomingMessage, response: ServerResponse): void {
    if (this.begun === 0 && this.line.length === 0) setImmediate(() => this.turn());
    if (this.line.length === 0 && this.begun < EACH_TURN) this.enter(request, response);
    else this.line.push({ request, response, since: performance.now() });
  }

  private turn(): void {
    this.begun = 0;
    const now = performance.now();
    let [at, refused] = [0, 0];
    for (; at < this.line.length && this.begun < EACH_TURN && refused < REFUSED_EACH_TURN; at += 1) {
      const { request, response, since } = this.line[at] as Arrived;
      const isCrowded = this.inside + this.line.length - at > LET_IN;
      if (now - since > LATEST && isCrowded && !request.url?.startsWith('/health')) {
        refuse(request, response);
        refused += 1;
      } else this.enter(request, response);
    }
    this.line = this.line.slice(at);
    if (refused > 0) this.tell(refused, now);
    if (at > 0) setImmediate(() => this.turn());
  }

  private enter(request: IncomingMessage, response: ServerResponse): void {
    this.begun += 1;
    this.inside += 1;
    this.noteIn(request.socket);
    let isInside = true;
    const leave = () => {
      if (isInside) this.noteOut(request.socket);
      isInside = false;
    };
    response.once('close', leave).once(STREAMING, leave);
    this.begin(request, response);
  }

  private noteIn(socket: Socket): void {
    const open = this.open.get(socket);
    this.open.set(socket, (open ?? 0) + 1);
    // An answer that waits behind another one's (pipelining) is never closed when its connection is.
    if (open === undefined)
      socket.once('close', () => {
        this.inside -= this.open.get(socket) ?? 0;
        this.open.delete(socket);
      });
  }

  private noteOut(socket: Socket): void {
    const open = this.open.get(socket);
    if (open === undefined) return;
    this.inside -= 1;
    this.open.set(socket, open - 1);
  }

  private tell(refused: number, now: number): void {
    this.countRefusals(refused);
    this.untold += refused;
    if (now - this.toldAt < TELL_EVERY) return;
    this.log.warn(`${this.untold} requests were refused: more come than can be served`);
    this.toldAt = now;
    this.untold = 0;
  }
}

/** Made once: an error takes a picture of the stack each time. */
const REFUSAL = toProblem(
  new ProblemError('service-unavailable', 'More people are here than can be served right now. Try again in a moment.'),
  { instance: '/', requestId: '' },
);
const HEADERS = {
  ...BARE_ANSWER,
  'content-type': PROBLEM_MEDIA_TYPE,
  'retry-after': String(RETRY_AFTER_SECONDS),
};

function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdFrom(request.headers['x-request-id']);
  const instance = request.url?.split('?', 1)[0] ?? '/';
  const body = Buffer.from(JSON.stringify({ ...REFUSAL, instance, requestId }));
  response
    .writeHead(REFUSAL.status, { ...HEADERS, 'x-request-id': requestId, 'content-length': body.length })
    .end(body);
}
