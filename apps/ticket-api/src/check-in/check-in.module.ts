import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { AdmitTicketController } from './admit-ticket/admit-ticket.controller.js';
import { AdmitTicketHandler } from './admit-ticket/admit-ticket.js';
import { CheckInStore } from './check-in.store.js';
import { ValidateTicketController } from './validate-ticket/validate-ticket.controller.js';

/** The gates. */
@Module({
  imports: [CqrsModule, AuthorizationModule, TicketsModule],
  controllers: [AdmitTicketController, ValidateTicketController],
  providers: [AdmitTicketHandler, CheckInStore],
})
export class CheckInModule {}
