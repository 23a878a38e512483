import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { cancelEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadEvent } from '../../catalogue/catalogue.module.js';
import { CancelEventCommand } from './cancel-event.js';

@Controller()
export class CancelEventController {
  constructor(
    private readonly commands: CommandBus,
    private readonly events: ReadEvent,
  ) {}

  /** Saying it twice changes nothing, so a key needs no record. */
  @Operation(cancelEvent)
  async cancel(@Located() { tenantId }: Location, @Param('eventId') eventId: string): Promise<EventView> {
    await this.commands.execute(new CancelEventCommand(tenantId, eventId));
    return this.events.byOrganizer(tenantId, eventId);
  }
}
