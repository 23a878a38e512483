import type { EventView, TicketType } from '@app/contracts';

/**
 * An event with its ticket types, each with what is left of it, in one statement. The door that is open decides what it
 * sees. `past` is judged by the database's clock.
 */
export const EVENT_VIEW = `select e.id, e.tenant_id, e.title, e.description, e.terms,
    case when e.status = 'published' and e.ends_at < now() then 'past' else e.status end as status,
    e.venue_name, e.venue_address, e.venue_city, e.venue_country, e.venue_latitude, e.venue_longitude,
    e.starts_at, e.ends_at, e.timezone, e.refundable_until, e.transfers_allowed, e.reentry_allowed, e.waiting_list, e.resale_allowed, e.created_at, e.updated_at,
    to_char(e.starts_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exact_start,
    array(
      select json_build_object('id', t.id, 'name', t.name, 'price', t.price, 'currency', t.currency,
               'capacity', c.capacity, 'available', greatest(0, c.capacity - c.taken - c.awaited),
               'max_per_order', t.max_per_order, 'max_per_buyer', t.max_per_buyer,
               'sales_start_at', t.sales_start_at, 'sales_end_at', t.sales_end_at)
      from ticket_types t join stock_counters c on c.tenant_id = t.tenant_id and c.id = t.counter_id
      where t.event_id = e.id order by t.id
    ) as ticket_types
  from events e`;

export interface EventViewRow {
  id: string;
  tenant_id: string;
  title: string;
  description: string | null;
  terms: string | null;
  status: EventView['status'];
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  venue_country: string | null;
  venue_latitude: number | null;
  venue_longitude: number | null;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  refundable_until: Date;
  waiting_list: boolean;
  resale_allowed: boolean;
  transfers_allowed: boolean;
  reentry_allowed: boolean;
  created_at: Date;
  updated_at: Date;
  /** `starts_at` to the microsecond. */
  exact_start: string;
  ticket_types: TicketTypeRow[];
}

/** From JSON: instants are text. */
interface TicketTypeRow {
  id: string;
  name: string;
  price: number;
  currency: string;
  capacity: number;
  available: number;
  max_per_order: number;
  max_per_buyer: number | null;
  sales_start_at: string | null;
  sales_end_at: string | null;
}

const utc = (instant: string | null) => (instant === null ? null : new Date(instant).toISOString());

const toTicketType = (row: TicketTypeRow): TicketType => ({
  id: row.id,
  name: row.name,
  price: { amount: row.price, currency: row.currency },
  capacity: row.capacity,
  available: row.available,
  maxPerOrder: row.max_per_order,
  maxPerBuyer: row.max_per_buyer,
  salesStartAt: utc(row.sales_start_at),
  salesEndAt: utc(row.sales_end_at),
});

/** An event as clients see it. */
export const toEventView = (row: EventViewRow): EventView => ({
  id: row.id,
  organizationId: row.tenant_id,
  title: row.title,
  description: row.description,
  terms: row.terms,
  status: row.status,
  venue: {
    name: row.venue_name,
    address: row.venue_address,
    city: row.venue_city,
    country: row.venue_country,
    latitude: row.venue_latitude,
    longitude: row.venue_longitude,
  },
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  timezone: row.timezone,
  refundableUntil: row.refundable_until.toISOString(),
  waitingList: row.waiting_list,
  resaleAllowed: row.resale_allowed,
  transfersAllowed: row.transfers_allowed,
  reentryAllowed: row.reentry_allowed,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  ticketTypes: row.ticket_types.map(toTicketType),
});
