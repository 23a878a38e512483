import type { EventFacts, Organizer } from '@app/contracts';
import { organizerOf } from '../organizations/organizations.module.js';
import type { StoredTransfer } from './transfer.js';

/** Columns of a transfer with both names; the tables are TRANSFER_TABLES. Its end is judged by the database's clock. */
export const TRANSFER_COLUMNS = `x.id, x.ticket_id, x.event_id, x.holder_version, x.to_email, x.created_at, x.expires_at,
  x.from_user, giver.name as giver_name, x.to_user, taker.name as taker_name,
  case when x.is_late then 'expired' else x.status end as status,
  case when x.is_late then 'time' else x.reason end as reason,
  case when x.is_late then x.expires_at else x.ended_at end as ended_at`;

export const TRANSFER_TABLES = `(select *, status = 'pending' and expires_at <= now() as is_late from transfers) x
  join users giver on giver.id = x.from_user left join users taker on taker.id = x.to_user`;

export interface TransferRow {
  id: string;
  ticket_id: string;
  event_id: string;
  holder_version: number;
  to_email: string | null;
  created_at: Date;
  expires_at: Date;
  from_user: string;
  giver_name: string;
  to_user: string | null;
  taker_name: string | null;
  status: StoredTransfer['status'];
  reason: string | null;
  ended_at: Date | null;
}

export const toStored = (row: TransferRow): StoredTransfer => ({
  id: row.id,
  ticketId: row.ticket_id,
  eventId: row.event_id,
  holderVersion: row.holder_version,
  from: { id: row.from_user, name: row.giver_name },
  email: row.to_email,
  to: row.to_user === null ? null : { id: row.to_user, name: row.taker_name ?? '' },
  status: row.status,
  reason: row.reason,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

/** What messages tell of an event, as JSON; the table is `events e`. */
export const EVENT_FACTS = `e.id as event_id, e.title, e.starts_at, e.ends_at, e.timezone, e.venue_name, e.venue_address, e.venue_city,
  ${organizerOf('e.tenant_id')} as organizer`;

export interface EventRow {
  event_id: string;
  title: string;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  organizer: Organizer | null;
}

export const toEventFacts = (row: EventRow): EventFacts => ({
  id: row.event_id,
  title: row.title,
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  timezone: row.timezone,
  venue: { name: row.venue_name, address: row.venue_address, city: row.venue_city },
  ...(row.organizer && { organizer: row.organizer }),
});
