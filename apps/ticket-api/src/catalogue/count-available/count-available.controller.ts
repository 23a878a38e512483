import { Controller, Param } from '@nestjs/common';
import { OptionalActing, type Principal } from '@app/auth';
import { countAvailable } from '@app/contracts';
import { Operation } from '@app/http';
import { VisibleEvent } from '../visible-event.js';

/** Counters and not types are added up: what two types share is there once. */
const AVAILABLE = `select e.id as "eventId",
    coalesce((select sum(greatest(0, c.capacity - c.taken - c.awaited)) from stock_counters c where c.event_id = e.id), 0)::bigint as available
  from events e where e.id = $1`;

@Controller()
export class CountAvailableController {
  constructor(private readonly visible: VisibleEvent) {}

  @Operation(countAvailable)
  async count(@OptionalActing() who: Principal | null, @Param('eventId') eventId: string) {
    type Available = { eventId: string; available: number };
    return (await this.visible.read<Available>(eventId, who, AVAILABLE, 'available')).row;
  }
}
