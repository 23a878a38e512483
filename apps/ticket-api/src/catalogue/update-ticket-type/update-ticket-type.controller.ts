import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { updateTicketType, type TicketType, type UpdateTicketType } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { UpdateTicketTypeCommand } from './update-ticket-type.js';

@Controller()
export class UpdateTicketTypeController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(updateTicketType)
  update(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Param('typeId') typeId: string,
    @Body() given: UpdateTicketType,
  ): Promise<TicketType> {
    return this.commands.execute(new UpdateTicketTypeCommand(tenantId, eventId, typeId, given));
  }
}
