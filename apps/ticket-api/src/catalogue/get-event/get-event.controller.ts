import { Controller, Param, Res } from '@nestjs/common';
import { OptionalActing, type Principal } from '@app/auth';
import { getEvent, type EventView } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { shareBriefly } from '../share-briefly.js';
import { ReadEvent } from './read-event.js';

@Controller()
export class GetEventController {
  constructor(private readonly events: ReadEvent) {}

  @Operation(getEvent)
  async get(
    @OptionalActing() who: Principal | null,
    @Param('eventId') eventId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventView> {
    const { event, isPublic } = await this.events.byAnyone(eventId, who);
    if (isPublic) shareBriefly(reply);
    return event;
  }
}
