import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { ENTRY, type EntryRow } from './waiting-entry.js';
import type { Waiting } from './waiting-line.js';

export interface NewEntry {
  id: string;
  eventId: string;
  ticketTypeId: string;
  counterId: string;
  userId: string;
  quantity: number;
}

/** Somebody in line, as the offer needs it. */
export interface InLine extends Waiting {
  counterId: string;
  ticketTypeId: string;
  buyer: { id: string; name: string; email: string };
}

/** Units by counter that are waited for no more. */
export type Freed = { counterId: string; units: number }[];

/**
 * Who waits, inside the open transaction of the tenant. Whoever changes the line holds the lock of the event's counters, so
 * the line stands still meanwhile.
 */
@Injectable()
export class WaitingListStore {
  constructor(private readonly database: Database) {}

  /** What a wish to wait is judged by, beside the sale. */
  async facts(
    eventId: string,
    ticketTypeId: string,
    userId: string,
  ): Promise<{ hasList: boolean; isVerified: boolean; isWaiting: boolean }> {
    const [row] = await this.database.current().query<{ hasList: boolean; isVerified: boolean; isWaiting: boolean }>(
      `select e.waiting_list as "hasList", u.email_verified_at is not null as "isVerified",
         exists (
           select from waiting_list_entries w left join orders o on o.tenant_id = w.tenant_id and o.id = w.order_id
           where w.ticket_type_id = $2 and w.user_id = $3 and (w.status = 'waiting' or w.status = 'offered' and o.status = 'pending')
         ) as "isWaiting"
       from events e, users u where e.id = $1 and u.id = $3`,
      [eventId, ticketTypeId, userId],
    );
    return row!;
  }

  async add({ id, eventId, ticketTypeId, counterId, userId, quantity }: NewEntry): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute(
      `insert into waiting_list_entries (id, tenant_id, event_id, ticket_type_id, counter_id, user_id, quantity)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, transaction.tenantId, eventId, ticketTypeId, counterId, userId, quantity],
    );
  }

  /** Of one's own or of the tenant, as the open door shows it. */
  async find(entryId: string): Promise<EntryRow | undefined> {
    const [row] = await this.database.current().query<EntryRow>(`${ENTRY} where w.id = $1`, [entryId]);
    return row;
  }

  /** The first of each counter's line; of those who stepped aside whoever could be served. */
  firstInLine(eventId: string, most: number): Promise<InLine[]> {
    return this.database.current().query<InLine>(
      `select w.id, w.quantity, w.counted, w.saving_since as "savingSince", w.counter_id as "counterId",
         w.ticket_type_id as "ticketTypeId", json_build_object('id', u.id, 'name', u.name, 'email', u.email) as buyer
       from stock_counters c
       cross join lateral (
         select * from waiting_list_entries where event_id = $1 and counter_id = c.id and status = 'waiting' and (counted or quantity <= c.capacity - c.taken)
         order by place limit $2
       ) w join users u on u.id = w.user_id
       where c.event_id = $1 order by w.place`,
      [eventId, most],
    );
  }

  /** Nobody waits any more for what is not sold any more, nor who has no account any more. @returns what was awaited */
  endWhatIsOver(eventId: string): Promise<Freed> {
    return this.freed(
      `update waiting_list_entries w set status = 'ended', ended_at = now(), counted = false,
         reason = case when e.status = 'cancelled' then 'event-cancelled' when u.erased_at is not null then 'erased'
           when not e.waiting_list then 'waiting-list-closed' else 'sales-closed' end
       from waiting_list_entries was join events e on e.tenant_id = was.tenant_id and e.id = was.event_id
         join ticket_types t on t.tenant_id = was.tenant_id and t.id = was.ticket_type_id
         join users u on u.id = was.user_id
       where w.id = was.id and was.event_id = $1 and was.status = 'waiting'
         and (e.status = 'cancelled' or e.ends_at <= now() or t.sales_end_at <= now() or u.erased_at is not null or not e.waiting_list)`,
      [eventId],
    );
  }

  /** @returns what was awaited */
  offered(entries: readonly { id: string; orderId: string }[]): Promise<Freed> {
    return this.freed(
      `update waiting_list_entries w set status = 'offered', order_id = given.order_id, ended_at = now(), counted = false
       from unnest($1::uuid[], $2::uuid[]) as given (id, order_id) join waiting_list_entries was on was.id = given.id
       where w.id = given.id and w.status = 'waiting'`,
      [entries.map(({ id }) => id), entries.map(({ orderId }) => orderId)],
    );
  }

  /** @returns what was awaited */
  end(entryIds: readonly string[], status: 'left' | 'ended', reason: string | null): Promise<Freed> {
    return this.freed(
      `update waiting_list_entries w set status = $2, reason = $3, ended_at = now(), counted = false
       from waiting_list_entries was where was.id = w.id and w.id = any($1) and w.status = 'waiting'`,
      [entryIds, status, reason],
    );
  }

  /** They keep their place. @returns what was awaited */
  stepAside(entryIds: readonly string[]): Promise<Freed> {
    return this.freed(
      `update waiting_list_entries w set counted = false
       from waiting_list_entries was where was.id = w.id and w.id = any($1) and w.status = 'waiting'`,
      [entryIds],
    );
  }

  async saveFor(entryId: string): Promise<void> {
    await this.database
      .current()
      .execute('update waiting_list_entries set saving_since = now() where id = $1', [entryId]);
  }

  private async freed(update: string, parameters: unknown[]): Promise<Freed> {
    const rows = await this.database.current().query<{ counterId: string; units: number }>(
      `with changed as (${update} returning was.counter_id, case when was.counted then was.quantity else 0 end as units)
       select counter_id as "counterId", sum(units)::int as units from changed group by 1`,
      parameters,
    );
    return rows.filter(({ units }) => units > 0);
  }
}
