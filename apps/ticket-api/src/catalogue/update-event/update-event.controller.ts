import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { updateEvent, type EventView, type UpdateEvent } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { UpdateEventCommand } from './update-event.js';

@Controller()
export class UpdateEventController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(updateEvent)
  update(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Body() given: UpdateEvent,
  ): Promise<EventView> {
    return this.commands.execute(new UpdateEventCommand(tenantId, eventId, given));
  }
}
