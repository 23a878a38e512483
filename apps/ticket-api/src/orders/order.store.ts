import { Injectable } from '@nestjs/common';
import type { EndReason } from '@app/contracts';
import { Database } from '@app/persistence';
import type { ConfirmedHow } from './order.js';
import {
  ITEM_COLUMNS,
  ORDER_COLUMNS,
  ORDER_TABLES,
  toItem,
  toOrderRow,
  type ItemRecord,
  type ItemRow,
  type OrderRecord,
  type OrderRow,
} from './order-row.js';

export interface NewOrder {
  id: string;
  buyer: { id: string };
  total: { amount: number };
  items: readonly ItemRow[];
}

/** What the new orders of a group have in common. */
export interface NewOrders {
  tenantId: string;
  eventId: string;
  currency: string;
  holdSeconds: number;
}

/** Orders and their lines, written inside the open transaction of the order's tenant. */
@Injectable()
export class OrderStore {
  constructor(private readonly database: Database) {}

  /** Writes pending orders and their lines in one statement; their time is that of the transaction. */
  async insertAll(common: NewOrders, orders: readonly NewOrder[]): Promise<void> {
    const lines = orders.flatMap(({ id, items }) => items.map((item) => ({ orderId: id, ...item })));
    await this.database.current().query(
      `with placed as (
         insert into orders (id, tenant_id, event_id, user_id, status, total, currency, expires_at)
         select placed.id, $1, $2, placed.user_id, 'pending', placed.total, $3, now() + make_interval(secs => $4)
         from unnest($5::uuid[], $6::uuid[], $7::bigint[]) as placed (id, user_id, total)
       )
       insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
       select $1, * from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::int[], $13::bigint[])`,
      [
        common.tenantId,
        common.eventId,
        common.currency,
        common.holdSeconds,
        orders.map((order) => order.id),
        orders.map((order) => order.buyer.id),
        orders.map((order) => order.total.amount),
        lines.map((line) => line.orderId),
        lines.map((line) => line.ticketTypeId),
        lines.map((line) => line.counterId),
        lines.map((line) => line.name),
        lines.map((line) => line.quantity),
        lines.map((line) => line.unitPrice),
      ],
      'insert-orders',
    );
  }

  /** The order, locked until the transaction ends, so that of two transitions at once one sees the other's outcome. */
  async lock(orderId: string): Promise<OrderRow | undefined> {
    return (await this.lockAll([orderId]))[0];
  }

  /** Orders of one tenant, locked in the order of their ids, so that two groups cannot wait for each other. */
  lockAll(orderIds: readonly string[]): Promise<OrderRow[]> {
    return this.load('o.id = any($1)', 'order by o.id for no key update of o', [orderIds]);
  }

  async find(orderId: string): Promise<OrderRow | undefined> {
    return (await this.findAll([orderId]))[0];
  }

  findAll(orderIds: readonly string[]): Promise<OrderRow[]> {
    return this.load('o.id = any($1)', '', [orderIds]);
  }

  /** A buyer's orders, newest first. */
  ofBuyer(userId: string, { before, limit }: { before: string | null; limit: number }): Promise<OrderRow[]> {
    const which = 'o.user_id = $1 and ($2::uuid is null or o.id < $2)';
    return this.load(which, 'order by o.id desc limit $3', [userId, before, limit]);
  }

  /** With their lines in one further statement. */
  private async load(which: string, rest: string, parameters: unknown[]): Promise<OrderRow[]> {
    const transaction = this.database.current();
    const records = await transaction.query<OrderRecord>(
      `select ${ORDER_COLUMNS} from ${ORDER_TABLES} where ${which} ${rest}`,
      parameters,
    );
    if (records.length === 0) return [];
    const items = await transaction.query<ItemRecord>(
      `select ${ITEM_COLUMNS} from unnest($1::uuid[], $2::uuid[]) as wanted (tenant, id)
       join order_items on tenant_id = wanted.tenant and order_id = wanted.id order by ticket_type_id`,
      [records.map((record) => record.tenant_id), records.map((record) => record.id)],
    );
    const lines = new Map<string, ItemRow[]>();
    for (const item of items) lines.set(item.order_id, [...(lines.get(item.order_id) ?? []), toItem(item)]);
    return records.map((record) => toOrderRow(record, lines.get(record.id) ?? []));
  }

  /**
   * `pending` or `expired` become `confirmed`, each by its payment if one bought it.
   * @throws when one is in another state: the caller has not locked it.
   */
  async confirmAll(orders: readonly { id: string; paymentId: string | null }[], how: ConfirmedHow): Promise<void> {
    await this.moved(
      orders,
      `update orders set status = 'confirmed', reason = null, confirmed_how = $3, payment_id = confirmed.payment_id, updated_at = now()
       from unnest($1::uuid[], $2::uuid[]) as confirmed (id, payment_id)
       where orders.id = confirmed.id and status in ('pending', 'expired')`,
      [orders.map(({ paymentId }) => paymentId), how],
    );
  }

  /** Ends orders that are in the state `from`, and notes that in their timelines. @throws when one is not. */
  async endAll(
    orders: readonly { id: string; reason: EndReason }[],
    from: 'pending' | 'confirmed',
    status: 'expired' | 'cancelled' | 'refunded',
  ): Promise<void> {
    await this.moved(
      orders,
      `with ended as (
         update orders set status = $4::text, reason = ended.reason, updated_at = now()
         from unnest($1::uuid[], $2::text[]) as ended (id, reason)
         where orders.id = ended.id and status = $3
         returning orders.tenant_id, orders.id, orders.reason
       )
       insert into order_steps (tenant_id, order_id, id, step, service, at, detail)
       select tenant_id, id, gen_random_uuid(), 'order-' || $4::text, 'ticket-api', now(), jsonb_build_object('reason', reason) from ended`,
      [orders.map(({ reason }) => reason), from, status],
    );
  }

  /** Checkout sessions exist: the end of these holds waits for the payment's word a little (saga, "End of a hold"). */
  async paymentsOpened(orderIds: readonly string[]): Promise<void> {
    await this.database.current().execute(
      `with held as (select id from orders where id = any($1) and status = 'pending' order by id for no key update)
       update orders set payment_opened_at = coalesce(payment_opened_at, now()) from held where orders.id = held.id`,
      [orderIds],
    );
  }

  /**
   * Holds end so many seconds later, but not after their event. Each once: not those that have ended, by the clock or
   * otherwise, or were prolonged before. @returns those that were prolonged, with their new end
   */
  async prolongAll(
    orderIds: readonly string[],
    seconds: number,
  ): Promise<{ id: string; tenantId: string; expiresAt: Date }[]> {
    const rows = await this.database.current().query<{ id: string; tenant_id: string; expires_at: Date }>(
      `with held as (
         select o.id, least(o.expires_at + make_interval(secs => $2), e.ends_at) as until
         from orders o join events e on e.tenant_id = o.tenant_id and e.id = o.event_id
         where o.id = any($1) and o.status = 'pending' and o.prolonged_at is null
           and o.expires_at > clock_timestamp() and o.expires_at < e.ends_at
         order by o.id for no key update of o
       )
       update orders set expires_at = held.until, prolonged_at = now(), updated_at = now() from held where orders.id = held.id
       returning orders.id, orders.tenant_id, orders.expires_at`,
      [orderIds, seconds],
    );
    return rows.map((row) => ({ id: row.id, tenantId: row.tenant_id, expiresAt: row.expires_at }));
  }

  private async moved(orders: readonly { id: string }[], sql: string, parameters: unknown[]): Promise<void> {
    if (orders.length === 0) return;
    const ids = orders.map(({ id }) => id);
    if ((await this.database.current().execute(sql, [ids, ...parameters])) !== ids.length)
      throw new Error('An order is not in the state that this transition starts from.');
  }
}
