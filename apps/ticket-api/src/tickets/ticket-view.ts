import type { Ticket } from '@app/contracts';

/** Columns of a ticket with its holder's name; the tables are `tickets t` and `users holder`. */
export const TICKET_COLUMNS = `t.id, t.order_id, t.event_id, t.ticket_type_id, t.holder_id, holder.name as holder_name,
  t.status, t.number, t.checked_in_at, t.gate, t.created_at`;

export interface TicketRow {
  id: string;
  order_id: string;
  event_id: string;
  ticket_type_id: string;
  holder_id: string;
  holder_name: string;
  status: Ticket['status'];
  number: number;
  checked_in_at: Date | null;
  gate: string | null;
  created_at: Date;
}

/** A ticket as clients see it. */
export const toTicket = (row: TicketRow): Ticket => ({
  id: row.id,
  orderId: row.order_id,
  eventId: row.event_id,
  ticketTypeId: row.ticket_type_id,
  holder: { id: row.holder_id, name: row.holder_name },
  status: row.status,
  number: String(row.number),
  ...(row.checked_in_at && { checkedInAt: row.checked_in_at.toISOString() }),
  ...(row.gate && { gate: row.gate }),
  createdAt: row.created_at.toISOString(),
});
