import { Catch, type ArgumentsHost } from '@nestjs/common';
import { isUnavailable, RETRY_AFTER_SECONDS } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { StripeErrorFilter } from '../../api/stripe-error.filter.js';
import { StripeError } from '../../api/stripe-error.js';
import type { Markup } from './html.js';
import { awayPage, unknownPage } from './page.js';

/** A browser gets a page, not JSON, of what can be expected; other errors leave as those of the API. */
@Catch()
export class HostedPageErrorFilter extends StripeErrorFilter {
  protected override answer(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const send = (status: number, page: Markup) =>
      void reply.status(status).header('Content-Type', 'text/html; charset=utf-8').send(page.source);
    if (error instanceof StripeError) return send(error.status, unknownPage());
    if (!isUnavailable(error)) return super.answer(error, host);
    void reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
    send(503, awayPage());
  }
}
