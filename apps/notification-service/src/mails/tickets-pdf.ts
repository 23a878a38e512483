import { Inject, Injectable } from '@nestjs/common';
import { MadeByTicketApi } from './made-by-ticket-api.js';

/** Those of an order that its buyer holds, or one as long as this person holds it. */
export type TicketsOf = { orderId: string } | { ticketId: string; holderId: string };

const pathOf = (of: TicketsOf) =>
  'orderId' in of
    ? `/internal/orders/${of.orderId}/tickets.pdf`
    : `/internal/tickets/${of.ticketId}/ticket.pdf?holderId=${of.holderId}`;

/** Tickets as one PDF. */
@Injectable()
export class TicketsPdf {
  constructor(@Inject(MadeByTicketApi) private readonly files: MadeByTicketApi) {}

  /** @returns null when none of the tickets is valid, or held by who gets the mail, any more. @throws when ticket-api does not give an answer. */
  of(tickets: TicketsOf): Promise<Buffer | null> {
    return this.files.file(pathOf(tickets), { what: 'tickets', begins: '%PDF-' });
  }
}
