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

  /** Records orders of the open tenant, each once. One whose end was told before its beginning stays closed. */
  async recordAll(orders: readonly (ReservedOrder & { correlationId?: string })[]): Promise<void> {
    const transaction = this.database.current();
    // Of an order that was told twice the first word counts.
    const once = new Map(orders.toReversed().map((order) => [order.orderId, order]));
    const rows = [...once.values()].map(({ orderId, buyer, event, items, total, expiresAt, correlationId }) => ({
      order_id: orderId,
      user_id: buyer.id,
      buyer_email: buyer.email,
      event_title: event.title,
      event_timezone: event.timezone,
      items,
      total: total.amount,
      currency: total.currency,
      expires_at: expiresAt,
      correlation_id: correlationId,
    }));
    const told = JSON.stringify(rows);
    const added = await transaction.execute(ADD, [transaction.tenantId, told]);
    if (added < rows.length) await transaction.execute(COMPLETE, [told]);
  }

  /** Nobody is to pay for them any more; also when nothing else is known of them yet. */
  async closeAll(orderIds: readonly string[]): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute(ADD_CLOSED, [transaction.tenantId, orderIds]);
    await transaction.execute(CLOSE, [orderIds]);
  }

  /** Holds end later than was told, and so do the sessions that are open for them. None ends earlier; what is closed stays so. */
  async prolongAll(holds: readonly { orderId: string; expiresAt: string }[]): Promise<void> {
    const ids = holds.map(({ orderId }) => orderId);
    await this.database.current().execute(PROLONG, [ids, holds.map(({ expiresAt }) => expiresAt)]);
  }

  /** Notes that the provider was away for a hold that runs. Undefined when that is noted already. */
  async noteUnavailable(orderId: string): Promise<{ correlationId: string | undefined } | undefined> {
    const [noted] = await this.database.current().query<{ correlation_id: string | null }>(
      `update owed_orders set unavailable_at = now()
       where order_id = $1 and unavailable_at is null and closed_at is null and expires_at > now() returning correlation_id`,
      [orderId],
    );
    return noted && { correlationId: noted.correlation_id ?? undefined };
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

const FACTS = 'user_id, buyer_email, event_title, event_timezone, items, total, currency, expires_at, correlation_id';

const toldIn = (parameter: string) => `
  json_to_recordset(${parameter}) as told (order_id uuid, user_id uuid, buyer_email text, event_title text, event_timezone text,
    items jsonb, total bigint, currency text, expires_at timestamptz, correlation_id text)`;

// Rows are added and locked in the order of their ids, so that of two groups with the same orders one waits for the other.
// DO UPDATE would settle conflicts on one of the two unique indexes only, and fail on the other while two add the same.
const ADD = `
  insert into owed_orders (tenant_id, order_id, ${FACTS}) select $1::uuid, told.* from ${toldIn('$2')}
  order by order_id on conflict do nothing`;

const COMPLETE = `
  with ended as (
    select told.* from owed_orders join ${toldIn('$1')} using (order_id)
    where owed_orders.user_id is null order by order_id for no key update of owed_orders
  )
  update owed_orders set (${FACTS}) = (select ${FACTS} from ended where ended.order_id = owed_orders.order_id)
  where order_id in (select order_id from ended)`;

const ADD_CLOSED = `
  insert into owed_orders (tenant_id, order_id, closed_at)
  select $1::uuid, order_id, now() from unnest($2::uuid[]) as ended (order_id) order by order_id on conflict do nothing`;

const CLOSE = 'update owed_orders set closed_at = now() where order_id = any($1) and closed_at is null';

const PROLONG = `
  with held as (
    select order_id, told.expires_at from owed_orders
    join unnest($1::uuid[], $2::timestamptz[]) as told (order_id, expires_at) using (order_id)
    where owed_orders.closed_at is null and owed_orders.expires_at < told.expires_at
    order by order_id for no key update of owed_orders
  ), prolonged as (
    update owed_orders set expires_at = held.expires_at from held where owed_orders.order_id = held.order_id
  )
  update payments set close_due_at = held.expires_at from held
  where payments.order_id = held.order_id and status in ('opening', 'open') and close_due_at < held.expires_at`;

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
