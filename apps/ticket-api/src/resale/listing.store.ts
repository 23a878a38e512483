import { Injectable } from '@nestjs/common';
import type { Listing } from '@app/contracts';
import { Database } from '@app/persistence';
import type { ListingFacts } from './may-list.js';
import type { ListedTicket, ResaleStock } from './settlement.js';

export interface ListingRow {
  id: string;
  ticketId: string;
  orderId: string;
  eventId: string;
  ticketTypeId: string;
  counterId: string;
  /** Minor units. */
  price: number;
  currency: string;
  status: Listing['status'];
  listedAt: Date;
  endedAt: Date | null;
}

export type NewListing = Pick<
  ListingRow,
  'id' | 'ticketId' | 'orderId' | 'eventId' | 'ticketTypeId' | 'counterId' | 'price'
>;
export type DueListing = ListedTicket & Pick<ListingRow, 'ticketId' | 'orderId' | 'counterId' | 'price'>;

/** A ticket that somebody wants to list, with what that is judged by. */
export type ListableTicket = ListingFacts & Pick<ListingRow, 'ticketTypeId' | 'counterId'>;

const COLUMNS = `l.id, l.ticket_id as "ticketId", l.order_id as "orderId", l.event_id as "eventId", l.ticket_type_id as "ticketTypeId",
  l.counter_id as "counterId", l.price, o.currency, l.status, l.listed_at as "listedAt", l.ended_at as "endedAt"`;

/** Listings and their tickets, inside the open transaction of their tenant; the ticket's order is locked. */
@Injectable()
export class ListingStore {
  constructor(private readonly database: Database) {}

  /** The ticket, locked. Times are judged by the database's clock. */
  async lockTicket(ticketId: string): Promise<ListableTicket | undefined> {
    const [row] = await this.database.current().query<ListableTicket>(
      `select k.status, k.ticket_type_id as "ticketTypeId", i.counter_id as "counterId", k.unit_price as paid, t.price,
         k.holder_id = o.user_id as "isPayers", o.confirmed_how = 'paid' as "isPaid",
         e.resale_allowed and e.status = 'published' and not e.suspended and clock_timestamp() < e.starts_at
           and clock_timestamp() < coalesce(t.sales_end_at, 'infinity') as "isOpen"
       from tickets k
       join orders o on o.tenant_id = k.tenant_id and o.id = k.order_id
       join order_items i on i.tenant_id = k.tenant_id and i.order_id = k.order_id and i.ticket_type_id = k.ticket_type_id
       join ticket_types t on t.tenant_id = k.tenant_id and t.id = k.ticket_type_id
       join events e on e.tenant_id = k.tenant_id and e.id = k.event_id
       where k.id = $1 for no key update of k`,
      [ticketId],
    );
    return row;
  }

  /** Its code dies, and its unit is no part of its order any more. */
  async list({ id, ticketId, orderId, eventId, ticketTypeId, counterId, price }: NewListing): Promise<void> {
    const transaction = this.database.current();
    const listed = await transaction.execute(
      `with listed as (
         update tickets set status = 'listed', holder_version = holder_version + 1 where id = $3 and status = 'valid'
         returning tenant_id, order_id, ticket_type_id
       ), counted as (
         update order_items i set returned = returned + 1 from listed
         where i.tenant_id = listed.tenant_id and i.order_id = listed.order_id and i.ticket_type_id = listed.ticket_type_id
       )
       insert into listings (id, tenant_id, ticket_id, order_id, event_id, ticket_type_id, counter_id, price)
       select $1, $2, $3, $4, $5, $6, $7, $8 from listed`,
      [id, transaction.tenantId, ticketId, orderId, eventId, ticketTypeId, counterId, price],
    );
    if (listed !== 1) throw new Error('The ticket is locked and was valid.');
  }

  /** What became of a ticket the last time that it was listed. */
  async latestOf(ticketId: string): Promise<ListingRow | undefined> {
    const [row] = await this.database.current().query<ListingRow>(
      `select ${COLUMNS} from listings l join orders o on o.tenant_id = l.tenant_id and o.id = l.order_id
       where l.ticket_id = $1 order by l.place desc limit 1`,
      [ticketId],
    );
    return row;
  }

  /**
   * Listings end, and their tickets are their buyers' again: valid, with a code that nobody has seen yet, or frozen while the payment
   * is disputed. The caller takes their units.
   */
  async giveBack(listingIds: readonly string[], status: 'withdrawn' | 'returned'): Promise<void> {
    await this.end(listingIds, status);
    await this.database.current().execute(
      `with back as (
         update tickets k set status = case when exists (
           select from disputes d join orders o on o.tenant_id = d.tenant_id and o.payment_id = d.payment_id
           where d.order_id = k.order_id and o.id = k.order_id and d.status <> 'won'
         ) then 'frozen' else 'valid' end
         from listings l where l.id = any($1) and k.tenant_id = l.tenant_id and k.id = l.ticket_id and k.status = 'listed'
         returning k.tenant_id, k.order_id, k.ticket_type_id
       ), counted as (select tenant_id, order_id, ticket_type_id, count(*)::int as units from back group by 1, 2, 3)
       update order_items i set returned = returned - counted.units from counted
       where i.tenant_id = counted.tenant_id and i.order_id = counted.order_id and i.ticket_type_id = counted.ticket_type_id`,
      [listingIds],
    );
  }

  async sold(listingIds: readonly string[]): Promise<void> {
    await this.end(listingIds, 'sold');
  }

  /** The oldest and the newest listings of a counter, oldest first. */
  dueOf(counterId: string, most: number): Promise<DueListing[]> {
    return this.database.current().query<DueListing>(
      `select l.id, l.ticket_id as "ticketId", l.order_id as "orderId", l.counter_id as "counterId", l.price,
         case when e.starts_at <= clock_timestamp() or t.sales_end_at <= clock_timestamp() then 'unsold'
           when t.price < l.price then 'face-value' end as over
       from (
         (select * from listings where counter_id = $1 and status = 'listed' order by place limit $2) union
         (select * from listings where counter_id = $1 and status = 'listed' order by place desc limit $2)
       ) l
       join events e on e.tenant_id = l.tenant_id and e.id = l.event_id
       join ticket_types t on t.tenant_id = l.tenant_id and t.id = l.ticket_type_id
       order by l.place`,
      [counterId, most],
    );
  }

  /** The counter is locked: nothing is held, let go or given back meanwhile. What is paid meanwhile the next look sees. */
  async stockOf(counterId: string): Promise<ResaleStock> {
    const [row] = await this.database.current().query<ResaleStock>(
      `select c.capacity, c.taken,
         (select count(*) from listings l where l.counter_id = c.id and l.status = 'listed')::int as listed,
         coalesce((
           select sum(i.quantity - i.returned) from orders o
           join order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
           where o.event_id = c.event_id and o.status = 'pending' and i.counter_id = c.id
         ), 0)::int as held
       from stock_counters c where c.id = $1`,
      [counterId],
    );
    return row!;
  }

  private async end(listingIds: readonly string[], status: 'sold' | 'withdrawn' | 'returned'): Promise<void> {
    const ended = await this.database
      .current()
      .execute(`update listings set status = $2, ended_at = now() where id = any($1) and status = 'listed'`, [
        listingIds,
        status,
      ]);
    if (ended !== listingIds.length) throw new Error('The orders of these listings are locked, and they were listed.');
  }
}
