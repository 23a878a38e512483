import { Inject, Injectable } from '@nestjs/common';
import { MadeByTicketApi } from './made-by-ticket-api.js';

/** The event of an order, for a calendar (RFC 5545). */
@Injectable()
export class EventCalendar {
  constructor(@Inject(MadeByTicketApi) private readonly files: MadeByTicketApi) {}

  /** @returns null when there is none. @throws when ticket-api does not give an answer. */
  of(orderId: string): Promise<Buffer | null> {
    const expected = { what: 'the calendar', begins: 'BEGIN:VCALENDAR' };
    return this.files.file(`/internal/orders/${orderId}/calendar.ics`, expected);
  }
}
