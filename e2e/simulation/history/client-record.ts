import type { Order } from '@app/contracts';
import type { World } from '../platform/world.js';

export interface KnownOrder {
  id: string;
  buyerId: string;
  total: number;
  ticketIds: string[];
}

/** What clients were told by a 2xx: all of it is still true at the end (I7). */
export class ClientRecord {
  readonly orders = new Map<string, KnownOrder>();
  private readonly cancelled = new Set<string>();
  /** By order: what was said to be on its way back at least. */
  private readonly givenBack = new Map<string, number>();
  private readonly atDesk = new Set<string>();
  private readonly admitted = new Set<string>();
  isEventCancelled = false;

  placed({ id, userId, total, tickets = [] }: Order): void {
    const ticketIds = tickets.map((ticket) => ticket.id);
    this.orders.set(id, { id, buyerId: userId, total: total.amount, ticketIds });
  }

  cancel(orderId: string): void {
    this.cancelled.add(orderId);
  }

  desk(orderId: string): void {
    this.atDesk.add(orderId);
  }

  refund({ id, refunded, refundPending }: Order): void {
    const back = (refunded?.amount ?? 0) + (refundPending?.amount ?? 0);
    this.givenBack.set(id, Math.max(back, this.givenBack.get(id) ?? 0));
  }

  admit(ticketId: string): void {
    this.admitted.add(ticketId);
  }

  /** @returns what is not true any more */
  async untrue(world: World, tenantId: string): Promise<string[]> {
    const rows = await world.databases.ask<Row>('ticket-api', STORED, [tenantId]);
    const stored = new Map(rows.map((row) => [row.id, row]));
    const wrong: string[] = [];
    for (const { id, total } of this.orders.values())
      if (stored.get(id)?.total !== total)
        wrong.push(`order ${id} was placed for ${total}: ${JSON.stringify(stored.get(id))}`);
    for (const id of stored.keys())
      if (!this.orders.has(id))
        wrong.push(`order ${id} is there, though its client was told of another one for its key, or of none`);
    for (const id of this.cancelled)
      if (stored.get(id)?.status !== 'cancelled')
        wrong.push(`order ${id} was cancelled and is ${stored.get(id)?.status}`);
    for (const id of this.atDesk)
      if (stored.get(id)?.confirmed_how === null) wrong.push(`order ${id} was confirmed at the desk and is not`);
    for (const [id, amount] of this.givenBack)
      if ((stored.get(id)?.back ?? 0) < amount)
        wrong.push(`of order ${id} ${amount} were given back, and now ${stored.get(id)?.back}`);
    const entered = new Set(rows.flatMap(({ admitted }) => admitted ?? []));
    for (const id of this.admitted) if (!entered.has(id)) wrong.push(`ticket ${id} was admitted and is not`);
    if (this.isEventCancelled && rows.some(({ status }) => status === 'pending' || status === 'confirmed'))
      wrong.push('an order of a cancelled event has not ended');
    return wrong.map((what) => `I7: ${what}`);
  }
}

interface Row {
  id: string;
  total: number;
  status: string;
  confirmed_how: string | null;
  back: number;
  admitted: string[] | null;
}

const STORED = `
  select o.id, o.total::float8 as total, o.status, o.confirmed_how, (o.refunded + o.refund_pending)::float8 as back,
    (select array_agg(t.id) from tickets t where t.order_id = o.id and t.checked_in_at is not null) as admitted
  from orders o where o.tenant_id = $1`;
