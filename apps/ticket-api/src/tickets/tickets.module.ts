import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdempotencyModule } from '@app/idempotency';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CodeGenerationsStore } from './code-generations.store.js';
import { GetCodesController } from './get-codes/get-codes.controller.js';
import { TicketFiles } from './files.js';
import { GetCalendarController } from './get-calendar/get-calendar.controller.js';
import { GetPdfController } from './get-pdf/get-pdf.controller.js';
import { PrintableTickets } from './printable-ticket.js';
import { GetQrController } from './get-qr/get-qr.controller.js';
import { GetWalletPassController } from './get-wallet-pass/get-wallet-pass.controller.js';
import { GetTicketController } from './get-ticket/get-ticket.controller.js';
import { ReadTicket } from './get-ticket/read-ticket.js';
import { GetTicketKeysController } from './get-ticket-keys/get-ticket-keys.controller.js';
import { ListTicketsController } from './list-tickets/list-tickets.controller.js';
import { ListTickets } from './list-tickets/list-tickets.js';
import { ReadCodes } from './read-codes.js';
import { RenewTicketKeysController } from './renew-ticket-keys/renew-ticket-keys.controller.js';
import { RenewTicketKeysHandler } from './renew-ticket-keys/renew-ticket-keys.js';
import { TicketCodes } from './ticket-codes.js';

/** Tickets as their holders and organizers see them: lists, codes and their keys, paper. Orders issue them and take them back. */
@Module({
  imports: [AuditLogModule, CqrsModule, AuthorizationModule, IdempotencyModule],
  controllers: [
    ListTicketsController,
    GetTicketController,
    GetQrController,
    GetCodesController,
    GetPdfController,
    GetCalendarController,
    GetWalletPassController,
    GetTicketKeysController,
    RenewTicketKeysController,
  ],
  providers: [
    ListTickets,
    ReadTicket,
    ReadCodes,
    PrintableTickets,
    TicketFiles,
    TicketCodes,
    CodeGenerationsStore,
    RenewTicketKeysHandler,
  ],
  exports: [TicketCodes, ReadTicket],
})
export class TicketsModule {}

export { ReadTicket } from './get-ticket/read-ticket.js';
export { TicketCodes } from './ticket-codes.js';
export { TICKET_COLUMNS, toTicket, type TicketRow } from './ticket-view.js';
