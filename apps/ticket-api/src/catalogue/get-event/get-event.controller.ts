import { Controller, Param } from '@nestjs/common';
import { OptionalCaller, type Identity } from '@app/auth';
import { getEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import { ReadEvent } from './read-event.js';

@Controller()
export class GetEventController {
  constructor(private readonly events: ReadEvent) {}

  @Operation(getEvent)
  get(@OptionalCaller() who: Identity | null, @Param('eventId') eventId: string): Promise<EventView> {
    return this.events.byAnyone(eventId, who?.userId ?? null);
  }
}
