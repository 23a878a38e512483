import type { PageQuery, Ticket } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import type { Transaction } from '@app/persistence';
import { z } from 'zod';
import { TICKET_COLUMNS, toTicket, type TicketRow } from '../ticket-view.js';

export interface TicketPage {
  data: Ticket[];
  nextCursor: string | null;
}

/** Whose tickets and of which event. */
export interface TicketFilter {
  holderId?: string;
  eventId?: string;
}

/** Newest first, and ids grow with time: new tickets do not move a page. */
export async function readTickets(
  transaction: Transaction,
  { holderId, eventId }: TicketFilter,
  { limit, cursor }: PageQuery,
): Promise<TicketRow[]> {
  const before = decodeCursor(cursor, z.uuid()) ?? null;
  return transaction.query<TicketRow>(
    `select ${TICKET_COLUMNS} from tickets t join users holder on holder.id = t.holder_id
     where ($1::uuid is null or t.holder_id = $1) and ($2::uuid is null or t.event_id = $2)
       and ($3::uuid is null or t.id < $3)
     order by t.id desc limit $4`,
    [holderId ?? null, eventId ?? null, before, limit + 1],
  );
}

/** A page out of one row more than it holds: the one beyond only tells that there is a next page. */
export function toPage(rows: readonly TicketRow[], limit: number): TicketPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(toTicket), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
