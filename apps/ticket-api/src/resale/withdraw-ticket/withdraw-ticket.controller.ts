import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { withdrawFromResale, type Listing } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { WithdrawTicketCommand } from './withdraw-ticket.js';

@Controller()
export class WithdrawTicketController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(withdrawFromResale)
  withdraw(@Located() { tenantId }: Location, @Param('ticketId') ticketId: string): Promise<Listing> {
    return this.commands.execute(new WithdrawTicketCommand(tenantId, ticketId));
  }
}
