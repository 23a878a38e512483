import { Inject, Injectable } from '@nestjs/common';
import { TICKETS_PER_FILE, type Money, type Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { CONFIG, type Config } from '../config.js';
import { eventUrl } from './event-url.js';
import { TicketCodes } from './ticket-codes.js';

/** What stands on a printed ticket, in a calendar and in a wallet. */
export interface PrintableTicket {
  id: string;
  status: Ticket['status'];
  number: string;
  orderId: string;
  code: string;
  holder: string;
  type: string;
  price: Money;
  event: {
    id: string;
    status: string;
    createdAt: Date;
    /** The last time that its organizer changed it. */
    updatedAt: Date;
    title: string;
    organizer: string;
    startsAt: Date;
    endsAt: Date;
    /** IANA name: times are printed as the clocks at the venue show them. */
    timezone: string;
    venue: { name: string; address: string | null; city: string | null; country: string | null };
    /** Degrees (WGS 84). */
    position: { latitude: number; longitude: number } | null;
    /** What the organizer wants to be read. */
    terms: string | null;
    /** Where the event is told in full. */
    url: string;
  };
}

interface Row {
  id: string;
  event_id: string;
  order_id: string;
  holder_version: number;
  code_generation: number;
  status: Ticket['status'];
  number: number;
  holder: string;
  type: string;
  unit_price: number;
  currency: string;
  title: string;
  organizer: string;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  venue_country: string | null;
  venue_latitude: number | null;
  venue_longitude: number | null;
  terms: string | null;
  event_status: string;
  created_at: Date;
  updated_at: Date;
}

const PRINTABLE = `select t.id, t.event_id, t.order_id, t.holder_version, e.code_generation, t.status, t.number, holder.name as holder,
    i.name as type, t.unit_price, o.currency, e.title, organizer.name as organizer, e.starts_at, e.ends_at, e.timezone,
    e.venue_name, e.venue_address, e.venue_city, e.venue_country, e.venue_latitude, e.venue_longitude, e.terms,
    e.status as event_status, e.created_at, e.updated_at
  from tickets t
  join users holder on holder.id = t.holder_id
  join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
  join order_items i on i.tenant_id = t.tenant_id and i.order_id = t.order_id and i.ticket_type_id = t.ticket_type_id
  join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
  join organizations organizer on organizer.tenant_id = t.tenant_id`;

const OF_ORDER = `with chosen as (
    select id, count(*) over ()::int as of from tickets
    where order_id = $1 and status in ('valid', 'checked_in') and ($2::uuid is null or holder_id = $2)
      and (not $5 or holder_id = (select user_id from orders o where o.tenant_id = tickets.tenant_id and o.id = tickets.order_id))
      and not exists (select from events e where e.tenant_id = tickets.tenant_id and e.id = tickets.event_id and e.status = 'cancelled')
    order by number limit $3 offset $4)
  ${PRINTABLE.replace('select t.id', 'select chosen.of, t.id')} join chosen on chosen.id = t.id order by t.number`;

@Injectable()
export class PrintableTickets {
  constructor(
    private readonly database: Database,
    private readonly codes: TicketCodes,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param holderId who has to hold it when it is read; null for organizers, who print anybody's */
  async one(tenantId: string, ticketId: string, holderId: string | null): Promise<PrintableTicket | undefined> {
    const sql = `${PRINTABLE} where t.id = $1 and ($2::uuid is null or t.holder_id = $2)`;
    const [row] = await this.read(tenantId, sql, [ticketId, holderId]);
    return row && this.toPrintable(row);
  }

  /**
   * Those of an order that admit or have admitted, by number: of a holder, of its buyer, or all with null; a file's worth from
   * the given place, counted from 1. `of`: how many there are.
   */
  async ofOrder(
    tenantId: string,
    orderId: string,
    { holder, from = 1 }: { holder: { id: string } | 'buyer' | null; from?: number },
  ): Promise<{ tickets: PrintableTicket[]; of: number }> {
    const rows = await this.read<Row & { of: number }>(tenantId, OF_ORDER, [
      ...[orderId, typeof holder === 'object' ? (holder?.id ?? null) : null, TICKETS_PER_FILE, from - 1],
      holder === 'buyer',
    ]);
    return { tickets: rows.map((row) => this.toPrintable(row)), of: rows[0]?.of ?? 0 };
  }

  /** The first one of an order, also if it admits no more: for what is told of the event. */
  async anyOfOrder(tenantId: string, orderId: string): Promise<PrintableTicket | undefined> {
    const [row] = await this.read(tenantId, `${PRINTABLE} where t.order_id = $1 order by t.number limit 1`, [orderId]);
    return row && this.toPrintable(row);
  }

  private read<R extends Row>(tenantId: string, sql: string, parameters: unknown[]): Promise<R[]> {
    return this.database.asTenant(tenantId, (transaction) => transaction.query<R>(sql, parameters));
  }

  private toPrintable(row: Row): PrintableTicket {
    const { venue_latitude: latitude, venue_longitude: longitude } = row;
    return {
      id: row.id,
      status: row.status,
      number: String(row.number),
      orderId: row.order_id,
      code: this.codes.signStatic({
        ...{ ticketId: row.id, eventId: row.event_id, holderVersion: row.holder_version },
        generation: row.code_generation,
      }),
      holder: row.holder,
      type: row.type,
      price: { amount: row.unit_price, currency: row.currency },
      event: {
        id: row.event_id,
        status: row.event_status,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        title: row.title,
        organizer: row.organizer,
        startsAt: row.starts_at,
        endsAt: row.ends_at,
        timezone: row.timezone,
        venue: { name: row.venue_name, address: row.venue_address, city: row.venue_city, country: row.venue_country },
        position: latitude === null || longitude === null ? null : { latitude, longitude },
        terms: row.terms,
        url: eventUrl(this.config.publicUrl, row.event_id),
      },
    };
  }
}
