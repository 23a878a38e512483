import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { publishEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { PublishEventCommand } from './publish-event.js';

@Controller()
export class PublishEventController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(publishEvent)
  publish(@Located() { tenantId }: Location, @Param('eventId') eventId: string): Promise<EventView> {
    return this.commands.execute(new PublishEventCommand(tenantId, eventId));
  }
}
