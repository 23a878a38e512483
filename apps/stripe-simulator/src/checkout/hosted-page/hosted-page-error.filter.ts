import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { StripeError } from '../../api/stripe-error.js';
import { unknownPage } from './page.js';

/** A browser gets a page, not JSON. Other errors go to the filter of the API. */
@Catch(StripeError)
export class HostedPageErrorFilter implements ExceptionFilter {
  catch(error: StripeError, host: ArgumentsHost): void {
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(error.status)
      .header('Content-Type', 'text/html; charset=utf-8')
      .send(unknownPage().source);
  }
}
