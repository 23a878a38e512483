import { Injectable } from '@nestjs/common';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyRequest } from 'fastify';
import { ServiceTokens } from './service-tokens.js';
import { whyRefused } from './why-refused.js';

/** Lets another service in by its token, on the internal port only. */
@Injectable()
export class ServiceCaller {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `unauthenticated` without a valid token, `forbidden` for a service not among `callers`. */
  async authenticate(
    request: FastifyRequest,
    { callers, signed }: { callers?: readonly string[]; signed?: boolean },
  ): Promise<true> {
    if (request.arrivedOn !== 'internal') throw new ProblemError('not-found');
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const refuse = (error: ProblemError, reason: string, caller?: string): never => {
      const route = `${request.method} ${request.routeOptions?.url}`;
      this.security.tell('auth.service-token-refused', { route, reason, ...(caller && { caller }) });
      throw error;
    };
    if (!token) return refuse(new ProblemError('unauthenticated', 'Internal calls carry a service token.'), 'none');
    const service = await this.verify(token, request, signed === true).catch((error: unknown) => {
      const reason = whyRefused(error) ?? 'expired';
      return refuse(new ProblemError('unauthenticated', 'The service token does not fit.'), reason);
    });
    if (callers && !callers.includes(service))
      return refuse(new ProblemError('forbidden', `${service} may not call this.`), 'not-a-caller', service);
    request.callingService = service;
    return true;
  }

  private verify(token: string, { body }: FastifyRequest, signed: boolean): Promise<string> {
    if (!signed) return this.tokens.verify(token);
    return this.tokens.verifyBody(token, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  }
}
