import { Injectable } from '@nestjs/common';
import type { EventFacts } from '@app/contracts';
import { Database } from '@app/persistence';
import type { Sellable } from '../allocation.js';

export interface Sale {
  event: EventFacts;
  currency: string;
  types: (Sellable & { name: string; price: number })[];
  names: ReadonlyMap<string, string>;
  holdings: { holds: number; units: ReadonlyMap<string, number> };
}

interface SaleRow {
  title: string;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  ticket_type_id: string | null;
  counter_id: string;
  name: string;
  price: number;
  currency: string;
  max_per_order: number;
  max_per_buyer: number | null;
  on_sale: boolean;
  units: number;
  holds: number;
}

/** What is for sale, and what this buyer has of it already: everything that a reservation is judged by, in one statement. */
@Injectable()
export class SaleStore {
  constructor(private readonly database: Database) {}

  /** The event's tenant, if the caller may see the event. */
  async locate(eventId: string, callerId: string): Promise<{ tenantId: string } | undefined> {
    const [found] = await this.database.lookUp<{ tenant_id: string; is_public: boolean; role: string | null }>(
      'select * from locate_event($1, $2)',
      [eventId, callerId],
    );
    return found && (found.is_public || found.role !== null) ? { tenantId: found.tenant_id } : undefined;
  }

  /** Times are judged by the database's clock. */
  async read(eventId: string, buyerId: string): Promise<Sale> {
    const rows = await this.database.current().query<SaleRow>(
      `select e.title, e.starts_at, e.ends_at, e.timezone, e.venue_name, e.venue_address, e.venue_city,
              t.id as ticket_type_id, t.counter_id, t.name, t.price, t.currency, t.max_per_order, t.max_per_buyer,
              e.status = 'published' and clock_timestamp() < e.ends_at
                and clock_timestamp() >= coalesce(t.sales_start_at, '-infinity') and clock_timestamp() < coalesce(t.sales_end_at, 'infinity') as on_sale,
              coalesce((select sum(i.quantity - i.returned) from orders o join order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
                where o.event_id = e.id and o.user_id = $2 and o.status in ('pending', 'confirmed') and i.ticket_type_id = t.id), 0) as units,
              (select count(*) from orders o where o.event_id = e.id and o.user_id = $2 and o.status = 'pending' and o.expires_at > clock_timestamp()) as holds
       from events e left join ticket_types t on t.tenant_id = e.tenant_id and t.event_id = e.id
       where e.id = $1`,
      [eventId, buyerId],
      'read-sale',
    );
    const [event] = rows;
    if (!event) throw new Error('The event was located before.');
    const types = rows.flatMap((row) => (row.ticket_type_id === null ? [] : [toSellable(row, row.ticket_type_id)]));
    return {
      event: {
        id: eventId,
        title: event.title,
        startsAt: event.starts_at.toISOString(),
        endsAt: event.ends_at.toISOString(),
        timezone: event.timezone,
        venue: { name: event.venue_name, address: event.venue_address, city: event.venue_city },
      },
      currency: event.currency,
      types,
      names: new Map(types.map((type) => [type.ticketTypeId, type.name])),
      holdings: {
        holds: event.holds,
        units: new Map(rows.map((row) => [row.ticket_type_id ?? '', Number(row.units)])),
      },
    };
  }
}

const toSellable = (row: SaleRow, ticketTypeId: string) => ({
  ticketTypeId,
  counterId: row.counter_id,
  name: row.name,
  price: row.price,
  onSale: row.on_sale,
  maxPerOrder: row.max_per_order,
  maxPerBuyer: row.max_per_buyer,
});
