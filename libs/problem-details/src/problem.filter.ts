import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemAnswer } from './problem-answer.js';
import { PROBLEM_MEDIA_TYPE } from './problem-document.js';

/** The one place where an error becomes an HTTP answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return;
    const facts = { instance: request.url.split('?')[0] ?? '/', requestId: String(request.id) };
    const { status, body, retryAfter } = problemAnswer(error, facts, this.log);
    if (retryAfter !== undefined && !reply.hasHeader('retry-after'))
      void reply.header('retry-after', String(retryAfter));
    // A 404 may be kept by caches unless it says otherwise (RFC 9111 §4.2.2), and what a route says of its answers is not meant for problems.
    void reply.status(status).headers({ 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store' }).send(body);
  }
}
