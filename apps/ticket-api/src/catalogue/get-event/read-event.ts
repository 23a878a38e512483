import { Injectable } from '@nestjs/common';
import type { Principal } from '@app/auth';
import type { EventView, TicketType } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { EVENT_VIEW, toEventView, type EventViewRow } from '../event-view.js';
import { VisibleEvent } from '../visible-event.js';

const ONE_EVENT = `${EVENT_VIEW} where e.id = $1`;

/** One event as clients see it. */
@Injectable()
export class ReadEvent {
  constructor(
    private readonly database: Database,
    private readonly visible: VisibleEvent,
  ) {}

  /** And whether anyone sees the same. @throws 404 for a draft, unless the caller is a member of its organization. */
  async byAnyone(eventId: string, who: Principal | null): Promise<{ event: EventView; isPublic: boolean }> {
    const { row, isPublic } = await this.visible.read<EventViewRow>(eventId, who, ONE_EVENT, 'one-event');
    return { event: toEventView(row), isPublic };
  }

  /** Inside the open transaction of the event's tenant, or in one of its own. */
  byOrganizer(tenantId: string, eventId: string): Promise<EventView> {
    return this.database.asTenant(tenantId, async (transaction) => {
      const [row] = await transaction.query<EventViewRow>(ONE_EVENT, [eventId]);
      if (!row) throw notFound('The event');
      return toEventView(row);
    });
  }

  /** One of the event's ticket types. @see byOrganizer */
  async ticketType(tenantId: string, eventId: string, typeId: string): Promise<TicketType> {
    const { ticketTypes } = await this.byOrganizer(tenantId, eventId);
    const type = ticketTypes.find(({ id }) => id === typeId);
    if (!type) throw notFound('The ticket type');
    return type;
  }
}
