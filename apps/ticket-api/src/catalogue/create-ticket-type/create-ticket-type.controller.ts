import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { createTicketType, type CreateTicketType, type TicketType } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { CreateTicketTypeCommand } from './create-ticket-type.js';

@Controller()
export class CreateTicketTypeController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(createTicketType)
  create(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Body() given: CreateTicketType,
  ): Promise<TicketType> {
    return this.commands.execute(new CreateTicketTypeCommand(tenantId, eventId, given));
  }
}
