import { Injectable } from '@nestjs/common';
import type { Money, Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { TicketCodes } from '../ticket-codes.js';

/** What stands on a printed ticket. */
export interface PrintableTicket {
  number: string;
  orderId: string;
  code: string;
  holder: string;
  type: string;
  price: Money;
  event: {
    title: string;
    organizer: string;
    startsAt: Date;
    endsAt: Date;
    /** IANA name: times are printed as the clocks at the venue show them. */
    timezone: string;
    venue: { name: string; address: string | null; city: string | null; country: string | null };
  };
}

interface Row {
  id: string;
  event_id: string;
  order_id: string;
  holder_version: number;
  code_generation: number;
  event_status: string;
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
}

const PRINTABLE = `select t.id, t.event_id, t.order_id, t.holder_version, e.code_generation, e.status as event_status, t.status, t.number, holder.name as holder,
    i.name as type, t.unit_price, o.currency, e.title, organizer.name as organizer, e.starts_at, e.ends_at, e.timezone,
    e.venue_name, e.venue_address, e.venue_city, e.venue_country
  from tickets t
  join users holder on holder.id = t.holder_id
  join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
  join order_items i on i.tenant_id = t.tenant_id and i.order_id = t.order_id and i.ticket_type_id = t.ticket_type_id
  join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
  join organizations organizer on organizer.tenant_id = t.tenant_id`;

@Injectable()
export class PrintableTickets {
  constructor(
    private readonly database: Database,
    private readonly codes: TicketCodes,
  ) {}

  /** @param holderId who has to hold it when it is read; null for organizers, who print anybody's */
  async one(
    tenantId: string,
    ticketId: string,
    holderId: string | null,
  ): Promise<(PrintableTicket & Pick<Ticket, 'status'> & { eventStatus: string }) | undefined> {
    const sql = `${PRINTABLE} where t.id = $1 and ($2::uuid is null or t.holder_id = $2)`;
    const [row] = await this.read(tenantId, sql, ticketId, holderId);
    return row && { ...this.toPrintable(row), status: row.status, eventStatus: row.event_status };
  }

  /** Those of an order that admit or have admitted, by number, for its buyer: not those that somebody else holds by now. */
  async ofOrder(tenantId: string, orderId: string): Promise<PrintableTicket[]> {
    const sql = `${PRINTABLE} where t.order_id = $1 and t.holder_id = o.user_id and t.status in ('valid', 'checked_in') order by t.number`;
    return (await this.read(tenantId, sql, orderId)).map((row) => this.toPrintable(row));
  }

  private read(tenantId: string, sql: string, ...ids: (string | null)[]): Promise<Row[]> {
    return this.database.asTenant(tenantId, (transaction) => transaction.query<Row>(sql, ids));
  }

  private toPrintable(row: Row): PrintableTicket {
    return {
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
        title: row.title,
        organizer: row.organizer,
        startsAt: row.starts_at,
        endsAt: row.ends_at,
        timezone: row.timezone,
        venue: { name: row.venue_name, address: row.venue_address, city: row.venue_city, country: row.venue_country },
      },
    };
  }
}
