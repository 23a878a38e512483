import { Controller, Param, Query } from '@nestjs/common';
import { getWaitingListOfEvent, type PageQuery, type WaitingListOfEvent } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { positionsOf } from '../positions.js';
import { statusOf, type EntryRow } from '../waiting-entry.js';

/** Every type of the event, also those that nobody waits for. */
const TYPES = `
  select t.id as "ticketTypeId", t.name, count(*) filter (where w.status = 'waiting')::int as waiting,
    coalesce(sum(w.quantity) filter (where w.status = 'waiting'), 0)::int as tickets,
    count(*) filter (where w.status = 'offered' and o.status = 'pending')::int as offered
  from ticket_types t
  left join waiting_list_entries w on w.tenant_id = t.tenant_id and w.ticket_type_id = t.id and w.status in ('waiting', 'offered')
  left join orders o on o.tenant_id = w.tenant_id and o.id = w.order_id
  where t.event_id = $1 group by t.id, t.name order by t.id`;

const ENTRIES = `
  select w.id, w.ticket_type_id, w.place, w.quantity, w.status, w.reason, w.created_at, w.order_id, o.status as order_status,
    json_build_object('id', u.id, 'name', u.name) as person
  from waiting_list_entries w join users u on u.id = w.user_id left join orders o on o.tenant_id = w.tenant_id and o.id = w.order_id
  where w.event_id = $1 and w.id > $2 order by w.id limit $3`;

@Controller()
export class GetWaitingListOfEventController {
  constructor(private readonly database: Database) {}

  @Operation(getWaitingListOfEvent)
  get(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<WaitingListOfEvent> {
    const after = decodeCursor(cursor, z.uuid()) ?? '00000000-0000-0000-0000-000000000000';
    return this.database.asTenant(tenantId, async (transaction) => {
      const types = await transaction.query<WaitingListOfEvent['types'][number]>(TYPES, [eventId]);
      const found = await transaction.query<EntryRow & { person: { id: string; name: string } }>(ENTRIES, [
        ...[eventId, after, limit + 1],
      ]);
      const page = found.slice(0, limit);
      const positions = await positionsOf(
        transaction,
        page.map(({ id }) => id),
      );
      const last = page.at(-1);
      return {
        types,
        data: page.map((row) => ({
          id: row.id,
          ticketTypeId: row.ticket_type_id,
          quantity: row.quantity,
          status: statusOf(row),
          ...(row.reason && { reason: row.reason }),
          position: positions.get(row.id) ?? null,
          person: row.person,
          orderId: row.order_id,
          createdAt: row.created_at.toISOString(),
        })),
        nextCursor: found.length > limit && last ? encodeCursor(last.id) : null,
      };
    });
  }
}
