import type { Transaction } from '@app/persistence';

/** Places in line of entries that wait, counted from 1 over the ticket type, inside the open transaction of their tenant. */
export async function positionsOf(transaction: Transaction, entryIds: readonly string[]): Promise<Map<string, number>> {
  if (entryIds.length === 0) return new Map();
  const rows = await transaction.query<{ id: string; position: number }>(
    `select mine.id, (
       select count(*)::int from waiting_list_entries w
       where w.event_id = mine.event_id and w.ticket_type_id = mine.ticket_type_id and w.status = 'waiting' and w.place <= mine.place
     ) as position
     from waiting_list_entries mine where mine.id = any($1) and mine.status = 'waiting'`,
    [entryIds],
  );
  return new Map(rows.map(({ id, position }) => [id, position]));
}
