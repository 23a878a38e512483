import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { TicketTypeFields } from './ticket-type.js';

export type StoredTicketType = TicketTypeFields & { id: string; counterId: string };

interface TicketTypeRecord {
  id: string;
  counter_id: string;
  name: string;
  price: number;
  currency: string;
  max_per_order: number;
  max_per_buyer: number | null;
  sales_start_at: Date | null;
  sales_end_at: Date | null;
}

const DECIDED = 'name, price, currency, max_per_order, max_per_buyer, sales_start_at, sales_end_at';

/** Ticket types and the capacity of the counters that they draw on, inside the open transaction of their tenant. */
@Injectable()
export class TicketTypeStore {
  constructor(private readonly database: Database) {}

  async ofEvent(eventId: string): Promise<StoredTicketType[]> {
    const rows = await this.database
      .current()
      .query<TicketTypeRecord>(`select id, counter_id, ${DECIDED} from ticket_types where event_id = $1 order by id`, [
        eventId,
      ]);
    return rows.map(toStoredTicketType);
  }

  /** With a counter of its own. */
  async insert(
    type: { id: string; counterId: string; tenantId: string; eventId: string; capacity: number },
    fields: TicketTypeFields,
  ): Promise<void> {
    await this.database.current().execute(
      `with counter as (
         insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, $4)
       )
       insert into ticket_types (id, tenant_id, event_id, counter_id, ${DECIDED})
       values ($5, $2, $3, $1, $6, $7, $8, $9, $10, $11, $12)`,
      [type.counterId, type.tenantId, type.eventId, type.capacity, type.id, ...columnsOf(fields)],
    );
  }

  /** Orders keep the name and the price at which they were placed. */
  async update(typeId: string, fields: TicketTypeFields): Promise<void> {
    await this.database
      .current()
      .execute(`update ticket_types set (${DECIDED}) = ($2, $3, $4, $5, $6, $7, $8) where id = $1`, [
        typeId,
        ...columnsOf(fields),
      ]);
  }

  /** Nobody else changes it while the event is locked. */
  async capacityOf(counterId: string): Promise<number> {
    const [row] = await this.database
      .current()
      .query<{ capacity: number }>('select capacity from stock_counters where id = $1', [counterId]);
    return row!.capacity;
  }

  /**
   * False when more than that is taken. The statement itself decides, after waiting for sales under way: what was read
   * before could be sold by now.
   */
  async setCapacity(counterId: string, capacity: number): Promise<boolean> {
    const changed = await this.database
      .current()
      .execute(`update stock_counters set capacity = $2 where id = $1 and taken <= $2`, [counterId, capacity]);
    return changed === 1;
  }
}

const columnsOf = ({ name, price, maxPerOrder, maxPerBuyer, salesStartAt, salesEndAt }: TicketTypeFields) => [
  name,
  price.amount,
  price.currency,
  maxPerOrder,
  maxPerBuyer,
  salesStartAt?.toISOString() ?? null,
  salesEndAt?.toISOString() ?? null,
];

const toStoredTicketType = (row: TicketTypeRecord): StoredTicketType => ({
  id: row.id,
  counterId: row.counter_id,
  name: row.name,
  price: { amount: row.price, currency: row.currency },
  maxPerOrder: row.max_per_order,
  maxPerBuyer: row.max_per_buyer,
  salesStartAt: row.sales_start_at,
  salesEndAt: row.sales_end_at,
});
