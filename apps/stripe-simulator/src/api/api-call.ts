import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormParameters } from './form-encoding.js';

/** One call of the API that changes something: who asks, and with what. */
export interface ApiCall {
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly parameters: FormParameters;
  readonly reply: FastifyReply;
}

export const ThisApiCall = createParamDecorator((_: unknown, context: ExecutionContext): ApiCall => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest<{ Body?: FormParameters }>>();
  const key = request.headers['idempotency-key'];
  return {
    requestId: request.id,
    idempotencyKey: typeof key === 'string' && key !== '' ? key : undefined,
    method: request.method,
    path: request.url.split('?', 1)[0] as string,
    parameters: request.body ?? {},
    reply: http.getResponse<FastifyReply>(),
  };
});
