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
const RETRY_AFTER_SECONDS = 2;

/** What an error is answered with; what is ours to look after is logged. */
export function problemAnswer(
  error: unknown,
  facts: RequestFacts,
  log: Pick<LoggerService, 'warn' | 'error'>,
): ProblemAnswer {
  const problem = toProblem(error, facts);
  const { status } = problem;
  if (status === 503) log.warn(`${facts.instance} cannot be answered now: ${String(error)}`);
  else if (status >= 500) log.error(error);
  const retryAfter = secondsToWait(error) ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  return { status, body: JSON.stringify(problem), ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** A refusal for some time says for how many seconds in its `retryAfter` member. */
const secondsToWait = (error: unknown) =>
  error instanceof ProblemError && typeof error.extra.retryAfter === 'number' ? error.extra.retryAfter : undefined;
