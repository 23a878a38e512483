import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isUnavailable, RETRY_AFTER_SECONDS } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StripeError } from './stripe-error.js';

/** Every error leaves in Stripe's shape. */
@Catch()
export class StripeErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Api');

  catch(exception: unknown, host: ArgumentsHost): void {
    this.answer(exception, host);
  }

  protected answer(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = this.translate(exception, request);
    const reply = http.getResponse<FastifyReply>().status(error.status);
    if (error.status === 401) reply.header('WWW-Authenticate', 'Bearer realm="Stripe"');
    if (error.status === 503) reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
    void reply.send(error.toBody());
  }

  private translate(exception: unknown, request: FastifyRequest): StripeError {
    if (exception instanceof StripeError) return exception;
    if (isUnavailable(exception)) {
      this.log.warn(`${request.method} ${request.url} cannot be answered now: ${String(exception)}`);
      return new StripeError(503, {
        type: 'api_error',
        message: 'The simulator’s database is away. Try again in a moment.',
      });
    }
    const status = exception instanceof HttpException ? exception.getStatus() : statusOf(exception);
    if (status < 500) return new StripeError(...refusal(status, request));
    this.log.error(exception instanceof Error ? (exception.stack ?? exception.message) : String(exception));
    return new StripeError(500, {
      type: 'api_error',
      message: 'An unknown error occurred at the simulator. Its log says more.',
    });
  }
}

/** Fastify's own errors carry a status. */
const statusOf = (exception: unknown): number =>
  typeof exception === 'object' && exception !== null && 'statusCode' in exception ? Number(exception.statusCode) : 500;

function refusal(status: number, { method, url }: FastifyRequest): ConstructorParameters<typeof StripeError> {
  const type = 'invalid_request_error';
  if (status === 404) {
    const message = `Unrecognized request URL (${method}: ${url.split('?', 1)[0]}). The simulator has the part of Stripe's API that its README names.`;
    return [404, { type, message }];
  }
  if (status === 415) {
    const message =
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.';
    return [400, { type, message }];
  }
  return [status, { type, message: 'Invalid request: it cannot be read.' }];
}
