import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { networkOfRequest } from '@app/auth';

/** Where a person signs in from, for the list of sessions. */
export interface Client {
  /** See `networkOfRequest`. */
  network: string;
  /** As the client named itself; null if it did not. */
  userAgent: string | null;
}

const LONGEST = 200;

/** The client of this request. */
export const CallingClient = createParamDecorator((_: unknown, context: ExecutionContext): Client => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { network: networkOfRequest(request), userAgent: readableUserAgent(request.headers['user-agent']) };
});

/** One short line without anything invisible: anybody may write anything there, and a person reads it. */
export function readableUserAgent(given = ''): string | null {
  const line = given.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim();
  return line.slice(0, LONGEST).trim() || null;
}
