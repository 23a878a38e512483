import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { ConfirmedHow } from './order.js';
import {
  ITEM_COLUMNS,
  ORDER_COLUMNS,
  ORDER_TABLES,
  toItem,
  toOrderRow,
  type Ending,
  type ItemRecord,
  type ItemRow,
  type OrderRecord,
  type OrderRow,
} from './order-row.js';

export interface NewOrder {
  id: string;
  tenantId: string;
  eventId: string;
  userId: string;
  total: { amount: number; currency: string };
  holdSeconds: number;
  items: { ticketTypeId: string; counterId: string; name: string; quantity: number; unitPrice: number }[];
}

/** Orders and their lines, written inside the open transaction of the order's tenant. */
@Injectable()
export class OrderStore {
  constructor(private readonly database: Database) {}

  /** Writes a pending order and its lines in one statement; its times come from the database's clock. */
  async insert(order: NewOrder): Promise<{ createdAt: Date; expiresAt: Date }> {
    const { items } = order;
    const [times] = await this.database.current().query<{ createdAt: Date; expiresAt: Date }>(
      `with placed as (
         insert into orders (id, tenant_id, event_id, user_id, status, total, currency, expires_at)
         values ($1, $2, $3, $4, 'pending', $5, $6, now() + make_interval(secs => $7))
         returning created_at, expires_at
       ), lines as (
         insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
         select $2, $1, * from unnest($8::uuid[], $9::uuid[], $10::text[], $11::int[], $12::bigint[])
       )
       select created_at as "createdAt", expires_at as "expiresAt" from placed`,
      [
        order.id,
        order.tenantId,
        order.eventId,
        order.userId,
        order.total.amount,
        order.total.currency,
        order.holdSeconds,
        items.map((item) => item.ticketTypeId),
        items.map((item) => item.counterId),
        items.map((item) => item.name),
        items.map((item) => item.quantity),
        items.map((item) => item.unitPrice),
      ],
      'insert-order',
    );
    if (!times) throw new Error('The order was not written.');
    return times;
  }

  /** The order, locked until the transaction ends, so that of two transitions at once one sees the other's outcome. */
  async lock(orderId: string): Promise<OrderRow | undefined> {
    return this.load(orderId, 'for no key update of o');
  }

  async find(orderId: string): Promise<OrderRow | undefined> {
    return this.load(orderId, '');
  }

  /** A buyer's orders, newest first, with their lines in one further statement. */
  async ofBuyer(userId: string, { before, limit }: { before: string | null; limit: number }): Promise<OrderRow[]> {
    const transaction = this.database.current();
    const records = await transaction.query<OrderRecord>(
      `select ${ORDER_COLUMNS} from ${ORDER_TABLES} where o.user_id = $1 and ($2::uuid is null or o.id < $2) order by o.id desc limit $3`,
      [userId, before, limit],
    );
    const items = await transaction.query<ItemRecord>(
      `select ${ITEM_COLUMNS} from order_items where order_id = any($1) order by ticket_type_id`,
      [records.map((record) => record.id)],
    );
    const lines = new Map<string, ItemRow[]>();
    for (const item of items) lines.set(item.order_id, [...(lines.get(item.order_id) ?? []), toItem(item)]);
    return records.map((record) => toOrderRow(record, lines.get(record.id) ?? []));
  }

  private async load(orderId: string, locking: string): Promise<OrderRow | undefined> {
    const transaction = this.database.current();
    const [record] = await transaction.query<OrderRecord>(
      `select ${ORDER_COLUMNS} from ${ORDER_TABLES} where o.id = $1 ${locking}`,
      [orderId],
    );
    if (!record) return undefined;
    const items = await transaction.query<ItemRecord>(
      `select ${ITEM_COLUMNS} from order_items where tenant_id = $1 and order_id = $2 order by ticket_type_id`,
      [record.tenant_id, orderId],
    );
    return toOrderRow(record, items.map(toItem));
  }

  /** `pending` or `expired` becomes `confirmed`. @throws when the order is in another state: the caller has not locked it. */
  async confirm(orderId: string, how: ConfirmedHow, paymentId: string | null): Promise<void> {
    await this.moved(
      `update orders set status = 'confirmed', reason = null, confirmed_how = $2, payment_id = $3, updated_at = now()
       where id = $1 and status in ('pending', 'expired')`,
      [orderId, how, paymentId],
    );
  }

  /** Ends an order that is in the state `from`. @throws when it is not. */
  async end(orderId: string, from: 'pending' | 'confirmed', { status, reason }: Ending): Promise<void> {
    await this.moved(`update orders set status = $3, reason = $4, updated_at = now() where id = $1 and status = $2`, [
      orderId,
      from,
      status,
      reason,
    ]);
  }

  /** A checkout session exists: the end of this hold waits for the payment's word a little (saga, "End of a hold"). */
  async paymentOpened(orderId: string): Promise<void> {
    await this.database
      .current()
      .execute(
        `update orders set payment_opened_at = coalesce(payment_opened_at, now()) where id = $1 and status = 'pending'`,
        [orderId],
      );
  }

  private async moved(sql: string, parameters: unknown[]): Promise<void> {
    if ((await this.database.current().execute(sql, parameters)) !== 1)
      throw new Error('The order is not in the state that this transition starts from.');
  }
}
