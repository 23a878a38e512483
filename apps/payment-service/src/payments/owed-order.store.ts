import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { OwedOrder, ReservedOrder } from './owed-order.js';

interface OrderRow {
  tenant_id: string;
  order_id: string;
  user_id: string;
  buyer_email: string;
  event_title: string;
  event_timezone: string | null;
  items: ReservedOrder['items'];
  total: number;
  currency: string;
  expires_at: Date;
  is_over: boolean;
  correlation_id: string | null;
}

/** What is owed, inside the open transaction of the order's tenant. */
@Injectable()
export class OwedOrderStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The tenant of an order that was told to us; undefined when none was. */
  async locate(orderId: string): Promise<string | undefined> {
    const [found] = await this.database.lookUp<{ tenant_id: string }>('select tenant_id from locate_order($1)', [
      orderId,
    ]);
    return found?.tenant_id;
  }

  /** Records an order once. One whose end was told before its beginning stays closed. */
  async record(tenantId: string, order: ReservedOrder, correlationId?: string): Promise<void> {
    await this.database.current().execute(
      `insert into owed_orders (tenant_id, order_id, user_id, buyer_email, event_title, event_timezone, items, total, currency, expires_at, correlation_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (order_id) do update
       set user_id = excluded.user_id, buyer_email = excluded.buyer_email, event_title = excluded.event_title,
           event_timezone = excluded.event_timezone, items = excluded.items, total = excluded.total, currency = excluded.currency, expires_at = excluded.expires_at,
           correlation_id = excluded.correlation_id
       where owed_orders.user_id is null`,
      [
        tenantId,
        order.orderId,
        order.buyer.id,
        order.buyer.email,
        order.event.title,
        order.event.timezone,
        JSON.stringify(order.items),
        order.total.amount,
        order.total.currency,
        order.expiresAt,
        correlationId ?? null,
      ],
    );
  }

  /** Nobody is to pay for it any more; also when nothing else is known of it yet. */
  async close(tenantId: string, orderId: string): Promise<void> {
    await this.database.current().execute(
      `insert into owed_orders (tenant_id, order_id, closed_at) values ($1, $2, now())
       on conflict (order_id) do update set closed_at = coalesce(owed_orders.closed_at, now())`,
      [tenantId, orderId],
    );
  }

  /** The order, locked, so that of two who open its checkout one waits; undefined when only its end is known. */
  async lock(orderId: string): Promise<OwedOrder | undefined> {
    const [row] = await this.database.current().query<OrderRow>(
      `select tenant_id, order_id, user_id, buyer_email, event_title, event_timezone, items, total, currency, expires_at, correlation_id,
              closed_at is not null or expires_at <= now() as is_over
       from owed_orders where order_id = $1 and user_id is not null for no key update`,
      [orderId],
    );
    return row && toOrder(row);
  }
}

const toOrder = (row: OrderRow): OwedOrder => ({
  tenantId: row.tenant_id,
  orderId: row.order_id,
  userId: row.user_id,
  buyerEmail: row.buyer_email,
  eventTitle: row.event_title,
  eventTimezone: row.event_timezone,
  items: row.items,
  total: { amount: row.total, currency: row.currency },
  expiresAt: row.expires_at,
  isOver: row.is_over,
  correlationId: row.correlation_id,
});
