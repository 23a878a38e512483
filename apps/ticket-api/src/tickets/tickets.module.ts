import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { GetPdfController } from './get-pdf/get-pdf.controller.js';
import { PrintableTickets } from './get-pdf/printable-ticket.js';
import { GetQrController } from './get-qr/get-qr.controller.js';
import { ReadCode } from './get-qr/read-code.js';
import { GetTicketController } from './get-ticket/get-ticket.controller.js';
import { ReadTicket } from './get-ticket/read-ticket.js';
import { ListTicketsController } from './list-tickets/list-tickets.controller.js';
import { ListTickets } from './list-tickets/list-tickets.js';
import { TicketCodes } from './ticket-codes.js';

/** Tickets as their holders and organizers see them: lists, codes, paper. Orders issue them and take them back. */
@Module({
  imports: [AuthorizationModule],
  controllers: [ListTicketsController, GetTicketController, GetQrController, GetPdfController],
  providers: [ListTickets, ReadTicket, ReadCode, PrintableTickets, TicketCodes],
  exports: [TicketCodes, ReadTicket],
})
export class TicketsModule {}

export { ReadTicket } from './get-ticket/read-ticket.js';
export type { CodeFacts } from './ticket-code.js';
export { TicketCodes } from './ticket-codes.js';
export { TICKET_COLUMNS, toTicket, type TicketRow } from './ticket-view.js';
