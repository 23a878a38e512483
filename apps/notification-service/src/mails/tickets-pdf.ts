import { Inject, Injectable } from '@nestjs/common';
import { MadeByTicketApi } from './made-by-ticket-api.js';

/** The tickets of an order as one PDF. */
@Injectable()
export class TicketsPdf {
  constructor(@Inject(MadeByTicketApi) private readonly files: MadeByTicketApi) {}

  /** @returns null when none of the order's tickets is valid any more. @throws when ticket-api does not give an answer. */
  of(orderId: string): Promise<Buffer | null> {
    return this.files.file(`/internal/orders/${orderId}/tickets.pdf`, { what: 'tickets', begins: '%PDF-' });
  }
}
