import type { LoggerService } from '@nestjs/common';
import { toProblem, type RequestFacts } from './problem-document.js';
import { ProblemError } from './problem-error.js';

export interface ProblemAnswer {
  status: number;
  /** The problem document as JSON. */
  body: string;
  /** Seconds. */
  retryAfter?: number;
}

/** Seconds that a client is asked to wait when a part of us is away; restarts take about two. */
export const RETRY_AFTER_SECONDS = 2;
/** Milliseconds between two lines about what cannot be answered. */
const TELL_EVERY = 1_000;

/** What an error is answered with; what is ours to look after is logged. */
export function problemAnswer(
  error: unknown,
  facts: RequestFacts,
  log: Pick<LoggerService, 'warn' | 'error'>,
): ProblemAnswer {
  const problem = toProblem(error, facts);
  const { status } = problem;
  if (status === 503) outage.tell(`${facts.instance} cannot be answered now: ${String(error)}`, log);
  else if (status >= 500) log.error(error);
  const retryAfter = secondsToWait(error) ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  return { status, body: JSON.stringify(problem), ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Whoever is overloaded or cut off refuses thousands a second: a line for each would be the larger half of that work. */
class Outage {
  private toldAt = -Infinity;
  private untold = 0;

  tell(what: string, log: Pick<LoggerService, 'warn'>): void {
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY) return void (this.untold += 1);
    log.warn(this.untold > 0 ? `${what} (and ${this.untold} before it)` : what);
    this.toldAt = now;
    this.untold = 0;
  }
}

const outage = new Outage();

/** A refusal for some time says for how many seconds in its `retryAfter` member. */
const secondsToWait = (error: unknown) =>
  error instanceof ProblemError && typeof error.extra.retryAfter === 'number' ? error.extra.retryAfter : undefined;
