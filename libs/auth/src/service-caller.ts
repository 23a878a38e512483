import { Injectable } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';
import { ServiceTokens } from './service-tokens.js';

/** Lets another service in by its token, on the internal port only. */
@Injectable()
export class ServiceCaller {
  constructor(private readonly tokens: ServiceTokens) {}

  /** @throws ProblemError `unauthenticated` without a valid token, `forbidden` for a service not among `callers`. */
  async authenticate(
    request: FastifyRequest,
    { callers, signed }: { callers?: readonly string[]; signed?: boolean },
  ): Promise<true> {
    if (request.arrivedOn !== 'internal') throw new ProblemError('not-found');
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new ProblemError('unauthenticated', 'Internal calls carry a service token.');
    const service = await this.verify(token, request, signed === true).catch(() => {
      throw new ProblemError('unauthenticated', 'The service token does not fit.');
    });
    if (callers && !callers.includes(service)) throw new ProblemError('forbidden', `${service} may not call this.`);
    request.callingService = service;
    return true;
  }

  private verify(token: string, { body }: FastifyRequest, signed: boolean): Promise<string> {
    if (!signed) return this.tokens.verify(token);
    return this.tokens.verifyBody(token, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  }
}
