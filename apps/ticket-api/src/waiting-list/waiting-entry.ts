import type { WaitingEntry } from '@app/contracts';

/** An entry with its order, if one was placed; the tables are `waiting_list_entries w` and `orders o`. */
export const ENTRY = `select w.id, w.tenant_id, w.event_id, w.ticket_type_id, w.counter_id, w.user_id, w.place, w.quantity, w.status, w.reason, w.created_at,
    w.order_id, o.status as order_status, o.expires_at
  from waiting_list_entries w left join orders o on o.tenant_id = w.tenant_id and o.id = w.order_id`;

export interface EntryRow {
  id: string;
  tenant_id: string;
  event_id: string;
  ticket_type_id: string;
  counter_id: string;
  user_id: string;
  place: number;
  quantity: number;
  status: 'waiting' | 'offered' | 'left' | 'ended';
  reason: string | null;
  created_at: Date;
  order_id: string | null;
  order_status: string | null;
  expires_at: Date | null;
}

const BECAME: Readonly<Record<string, WaitingEntry['status']>> = {
  pending: 'offered',
  confirmed: 'bought',
  refunded: 'bought',
};

/** What became of an offer its order tells: nothing is written when that ends. */
export const statusOf = ({ status, order_status: order }: Pick<EntryRow, 'status' | 'order_status'>) =>
  status === 'offered' ? (BECAME[order ?? ''] ?? 'expired') : status;

/** As the person sees it. `position` counts from 1. */
export function toEntry(row: EntryRow, position: number | null, linkOf: (orderId: string) => string): WaitingEntry {
  const status = statusOf(row);
  const isOpen = status === 'offered';
  return {
    id: row.id,
    eventId: row.event_id,
    ticketTypeId: row.ticket_type_id,
    quantity: row.quantity,
    status,
    ...(row.reason && { reason: row.reason }),
    position: status === 'waiting' ? position : null,
    offer:
      row.order_id === null
        ? null
        : {
            orderId: row.order_id,
            expiresAt: isOpen && row.expires_at ? row.expires_at.toISOString() : null,
            checkoutUrl: isOpen ? linkOf(row.order_id) : null,
          },
    createdAt: row.created_at.toISOString(),
  };
}
