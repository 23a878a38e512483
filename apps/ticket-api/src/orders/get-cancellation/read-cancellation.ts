import { Injectable } from '@nestjs/common';
import type { Cancellation } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { toCancellation, type EndedOrders, type RefundSum } from './cancellation.js';

/** How far the cancellation of an event is, counted in indexes that hold nothing but what cancelled events left. */
@Injectable()
export class ReadCancellation {
  constructor(private readonly database: Database) {}

  /** @throws 404 while the event is not cancelled. */
  of(tenantId: string, eventId: string): Promise<Cancellation> {
    return this.database.asTenant(tenantId, async (transaction) => {
      // Orders first: a refund is there when its order has ended, so that nothing is called done too early.
      const [orders] = await transaction.query<EndedOrders>(ORDERS, [eventId]);
      if (!orders) throw notFound('The cancellation');
      return toCancellation(eventId, orders, await transaction.query<RefundSum>(REFUNDS, [eventId]));
    });
  }
}

const ORDERS = `
  select coalesce(e.cancelled_at, e.updated_at) as "begunAt", e.orders_ended_at as "ordersEndedAt",
    (select count(*)::int from orders o where o.event_id = e.id and o.status in ('pending', 'confirmed')) as "toEnd",
    (select count(*)::int from orders o where o.event_id = e.id and o.reason = 'event-cancelled') as ended
  from events e where e.id = $1 and e.status = 'cancelled'`;

const REFUNDS = `
  select status, currency, count(*)::int as count, sum(amount)::bigint as amount, max(settled_at) as "settledAt"
  from refunds where event_id = $1 and reason = 'event-cancelled' group by status, currency order by currency`;
