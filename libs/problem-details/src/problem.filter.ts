import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, toProblem } from './problem-document.js';
import { ProblemError } from './problem-error.js';

/** Seconds that a client is asked to wait when a part of us is away; restarts take about two. */
const RETRY_AFTER_SECONDS = 2;

/** The one place where an error becomes an HTTP answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return;
    const problem = toProblem(error, { instance: request.url.split('?')[0] ?? '/', requestId: String(request.id) });
    if (problem.status === 503)
      this.log.warn(`${request.method} ${problem.instance} cannot be answered now: ${String(error)}`);
    else if (problem.status >= 500) this.log.error(error);
    const retryAfter = secondsToWait(error) ?? (problem.status === 503 ? RETRY_AFTER_SECONDS : undefined);
    if (retryAfter !== undefined && !reply.hasHeader('retry-after'))
      void reply.header('retry-after', String(retryAfter));
    void reply.status(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
  }
}

/** A refusal for some time says for how many seconds in its `retryAfter` member. */
const secondsToWait = (error: unknown) =>
  error instanceof ProblemError && typeof error.extra.retryAfter === 'number' ? error.extra.retryAfter : undefined;
