import { Controller, Param, Res } from '@nestjs/common';
import { OptionalActing, type Principal } from '@app/auth';
import { getAvailability, type Availability } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { shareBriefly } from '../share-briefly.js';
import { VisibleEvent } from '../visible-event.js';

const AVAILABILITY = `select e.id as "eventId", array(
    select json_build_object('id', t.id, 'available', greatest(0, c.capacity - c.taken - c.awaited))
    from ticket_types t join stock_counters c on c.tenant_id = t.tenant_id and c.id = t.counter_id
    where t.event_id = e.id order by t.id
  ) as "ticketTypes"
  from events e where e.id = $1`;

@Controller()
export class GetAvailabilityController {
  constructor(private readonly visible: VisibleEvent) {}

  @Operation(getAvailability)
  async get(
    @OptionalActing() who: Principal | null,
    @Param('eventId') eventId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Availability> {
    const { row, isPublic } = await this.visible.read<Availability>(eventId, who, AVAILABILITY, 'availability');
    if (isPublic) shareBriefly(reply);
    return row;
  }
}
