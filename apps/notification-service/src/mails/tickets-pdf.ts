import { ServiceTokens } from '@app/auth';
import { requestContext } from '@app/observability';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';

const TIMEOUT_MS = 10_000;

/** Those of an order that its buyer holds, or one as long as this person holds it. */
export type TicketsOf = { orderId: string } | { ticketId: string; holderId: string };

const pathOf = (of: TicketsOf) =>
  'orderId' in of
    ? `/internal/orders/${of.orderId}/tickets.pdf`
    : `/internal/tickets/${of.ticketId}/ticket.pdf?holderId=${of.holderId}`;

/** Tickets as one PDF, made by ticket-api at that moment. */
@Injectable()
export class TicketsPdf {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ServiceTokens) private readonly tokens: ServiceTokens,
  ) {}

  /** @returns null when none of the tickets is valid, or held by who gets the mail, any more. @throws when ticket-api does not give an answer. */
  async of(tickets: TicketsOf): Promise<Buffer | null> {
    const answer = await fetch(new URL(pathOf(tickets), this.config.ticketApiInternalUrl), {
      headers: { authorization: `Bearer ${await this.tokens.sign('ticket-api')}`, ...ids() },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    }).catch((error: Error) => {
      const { code = error.name } = (error.cause ?? {}) as { code?: string };
      throw new Error(`ticket-api does not answer when asked for tickets: ${code}`, { cause: error });
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    // A 404 of whatever else may answer at that address takes no ticket from anybody.
    if (answer.status === 404 && answer.headers.get('content-type')?.startsWith('application/problem+json'))
      return null;
    if (!answer.ok) throw new Error(`ticket-api answered ${answer.status} when asked for tickets`);
    if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-')
      throw new Error('ticket-api answered with something that is no PDF');
    return bytes;
  }
}

function ids(): Record<string, string> {
  const context = requestContext.getStore();
  return context ? { 'x-request-id': context.requestId, traceparent: context.traceparent } : {};
}
