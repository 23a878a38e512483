import { Controller, Query } from '@nestjs/common';
import { listEvents, type EventView, type ListEvents } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { EVENT_VIEW, toEventView, type EventViewRow } from '../event-view.js';

/** Start and id of a page's last event. */
const Position = z.tuple([z.iso.datetime(), z.uuid()]);

const PAGE = `${EVENT_VIEW}
  where e.status = 'published' and e.ends_at >= now()
    and ($1::uuid is null or e.tenant_id = $1)
    and ($2::timestamptz is null or (e.starts_at, e.id) > ($2, $3::uuid))
  order by e.starts_at, e.id limit $4`;

@Controller()
export class ListEventsController {
  constructor(private readonly database: Database) {}

  /** Soonest first, those that run now included. */
  @Operation(listEvents)
  async list(
    @Query() { limit, cursor, organizationId }: ListEvents,
  ): Promise<{ data: EventView[]; nextCursor: string | null }> {
    const [startsAt, id] = decodeCursor(cursor, Position) ?? [null, null];
    const rows = await this.database.asPublic((transaction) =>
      transaction.query<EventViewRow>(PAGE, [organizationId ?? null, startsAt, id, limit + 1]),
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map(toEventView),
      nextCursor: rows.length > limit && last ? encodeCursor([last.exact_start, last.id]) : null,
    };
  }
}
