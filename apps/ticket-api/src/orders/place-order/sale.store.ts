import { Injectable } from '@nestjs/common';
import type { EventFacts, Organizer } from '@app/contracts';
import { Database } from '@app/persistence';
import { organizerOf } from '../../organizations/organizations.module.js';
import type { Sellable } from '../allocation.js';

export type SaleType = Sellable & { name: string; price: number };

export interface Sale {
  event: EventFacts;
  /** Drafts are seen by the organization's members only. */
  isPublic: boolean;
  isCancelled: boolean;
  /** The organization is suspended. */
  isSuspended: boolean;
  currency: string;
  types: SaleType[];
  /** The database's clock at the begin of the transaction. */
  now: Date;
}

interface SaleRow {
  title: string;
  status: string;
  suspended: boolean;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  organizer: Organizer | null;
  ticket_type_id: string | null;
  counter_id: string;
  name: string;
  price: number;
  currency: string;
  max_per_order: number;
  max_per_buyer: number | null;
  on_sale: boolean;
  now: Date;
}

interface HoldsRow {
  user_id: string;
  holds: number;
}

interface UnitsRow {
  user_id: string;
  ticket_type_id: string;
  units: number;
}

/** What is for sale, and what these buyers have of it already: everything that reservations are judged by. */
@Injectable()
export class SaleStore {
  constructor(private readonly database: Database) {}

  /** Times are judged by the database's clock. */
  async read(eventId: string): Promise<Sale> {
    const rows = await this.database.current().query<SaleRow>(
      `select e.title, e.status, e.suspended, e.starts_at, e.ends_at, e.timezone, e.venue_name, e.venue_address, e.venue_city,
              ${organizerOf('e.tenant_id')} as organizer,
              t.id as ticket_type_id, t.counter_id, t.name, t.price, t.currency, t.max_per_order, t.max_per_buyer,
              e.status = 'published' and not e.suspended and clock_timestamp() < e.ends_at
                and clock_timestamp() >= coalesce(t.sales_start_at, '-infinity') and clock_timestamp() < coalesce(t.sales_end_at, 'infinity') as on_sale,
              now() as now
       from events e left join ticket_types t on t.tenant_id = e.tenant_id and t.event_id = e.id
       where e.id = $1`,
      [eventId],
      'read-sale',
    );
    const [event] = rows;
    if (!event) throw new Error('The event was located before.');
    return {
      event: {
        id: eventId,
        title: event.title,
        startsAt: event.starts_at.toISOString(),
        endsAt: event.ends_at.toISOString(),
        timezone: event.timezone,
        venue: { name: event.venue_name, address: event.venue_address, city: event.venue_city },
        ...(event.organizer && { organizer: event.organizer }),
      },
      isPublic: event.status !== 'draft',
      isCancelled: event.status === 'cancelled',
      isSuspended: event.suspended,
      currency: event.currency,
      types: rows.flatMap((row) => (row.ticket_type_id === null ? [] : [toSellable(row, row.ticket_type_id)])),
      now: event.now,
    };
  }

  /** Open holds by buyer; read after the counters were locked, so that nobody's other order slips in between. */
  async holds(eventId: string, buyerIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.current().query<HoldsRow>(HOLDS, [eventId, buyerIds], 'read-holds');
    return new Map(rows.map((row) => [row.user_id, row.holds]));
  }

  /** Units by ticket type by buyer, held and bought; read after the counters were locked. */
  async units(eventId: string, buyerIds: readonly string[]): Promise<Map<string, Map<string, number>>> {
    const units = new Map(buyerIds.map((id) => [id, new Map<string, number>()]));
    const rows = await this.database.current().query<UnitsRow>(UNITS, [eventId, buyerIds], 'read-units');
    for (const row of rows) units.get(row.user_id)?.set(row.ticket_type_id, row.units);
    return units;
  }
}

const HOLDS = `
  select user_id, count(*)::int as holds from orders
  where event_id = $1 and user_id = any($2) and status = 'pending' and expires_at > clock_timestamp() group by user_id`;

const UNITS = `
  select o.user_id, i.ticket_type_id, sum(i.quantity - i.returned)::int as units
  from orders o join order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
  where o.event_id = $1 and o.user_id = any($2) and o.status in ('pending', 'confirmed') group by o.user_id, i.ticket_type_id`;

const toSellable = (row: SaleRow, ticketTypeId: string) => ({
  ticketTypeId,
  counterId: row.counter_id,
  name: row.name,
  price: row.price,
  onSale: row.on_sale,
  maxPerOrder: row.max_per_order,
  maxPerBuyer: row.max_per_buyer,
});
