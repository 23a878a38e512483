import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

/** An organizer's word against the rule that used tickets are not paid back. */
export interface Override {
  reason: string;
  userId: string;
}

/** An override as the event's organizers see it. */
export interface KeptOverride {
  refundId: string;
  amount: number;
  ticketIds: string[];
  reason: string;
  userId: string;
  name: string;
  at: Date;
}

export interface NewRefund {
  id: string;
  tenantId: string;
  orderId: string;
  /** The payment whose money bought nothing; null for tickets that were given back. */
  paymentId: string | null;
  amount: number;
  reason: string;
  /** `succeeded` when no money moves through us. */
  status: 'pending' | 'succeeded';
  override?: Override;
}

/** What is owed back for an order, inside the open transaction of the order's tenant; the order is locked. */
@Injectable()
export class RefundStore {
  constructor(private readonly database: Database) {}

  /** Records a refund; false when we have this payment's money on its way back already. */
  async add(refund: NewRefund): Promise<boolean> {
    return (await this.addAll([refund])) === 1;
  }

  /** Of different orders. @returns how many are new */
  addAll(refunds: readonly NewRefund[]): Promise<number> {
    return this.database.current().execute(
      `with added as (
         insert into refunds (id, tenant_id, order_id, event_id, payment_id, amount, currency, reason, status, settled_at, override_reason, override_by)
         select given.id, given.tenant_id, o.id, o.event_id, given.payment_id, given.amount, o.currency, given.reason, given.status,
           case given.status when 'succeeded' then now() end, given.override_reason, given.override_by
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::uuid[])
           as given (id, tenant_id, order_id, payment_id, amount, reason, status, override_reason, override_by)
         join orders o on o.id = given.order_id
         on conflict (tenant_id, payment_id) where payment_id is not null and reason <> 'provider' do nothing
         returning order_id, case status when 'pending' then amount else 0 end as pending, case status when 'pending' then 0 else amount end as moved
       )
       update orders set refund_pending = refund_pending + added.pending, refunded = refunded + added.moved, updated_at = now()
       from added where orders.id = added.order_id`,
      [
        refunds.map((refund) => refund.id),
        refunds.map((refund) => refund.tenantId),
        refunds.map((refund) => refund.orderId),
        refunds.map((refund) => refund.paymentId),
        refunds.map((refund) => refund.amount),
        refunds.map((refund) => refund.reason),
        refunds.map((refund) => refund.status),
        refunds.map((refund) => refund.override?.reason ?? null),
        refunds.map((refund) => refund.override?.userId ?? null),
      ],
    );
  }

  /** Minor units of the order's own payment that are back or on their way; what failed is neither. */
  async movedBack(orderId: string): Promise<number> {
    const [sum] = await this.database
      .current()
      .query<{ amount: string }>(
        `select coalesce(sum(amount - covered), 0) as amount from refunds where order_id = $1 and payment_id is null and status <> 'failed'`,
        [orderId],
      );
    return Number(sum?.amount ?? 0);
  }

  /** Minor units of the order's own payment that were promised back, whatever became of it. What bought nothing is no part of it. */
  async givenBack(orderId: string): Promise<number> {
    return (await this.givenBackOf([orderId])).get(orderId) ?? 0;
  }

  /** The same by order; nothing for those of which nothing was given back. */
  async givenBackOf(orderIds: readonly string[]): Promise<Map<string, number>> {
    const sums = await this.database
      .current()
      .query<{ order_id: string; amount: string }>(
        'select order_id, sum(amount - covered) as amount from refunds where order_id = any($1) and payment_id is null group by order_id',
        [orderIds],
      );
    return new Map(sums.map(({ order_id: orderId, amount }) => [orderId, Number(amount)]));
  }

  /** Minor units that were given back at the provider of a payment that has bought nothing here. */
  async givenBackByProvider(paymentId: string): Promise<number> {
    const [sum] = await this.database
      .current()
      .query<{ amount: string }>(
        `select coalesce(sum(amount), 0) as amount from refunds where payment_id = $1 and reason = 'provider'`,
        [paymentId],
      );
    return Number(sum?.amount ?? 0);
  }

  /**
   * What was given back at the provider of payments before they were heard of belongs to the orders that they bought.
   * @returns the orders of which something had been given back, each with one of its refunds
   */
  adoptProviderRefunds(paymentIds: readonly string[]): Promise<{ orderId: string; refundId: string }[]> {
    return this.database.current().query(
      `with adopted as (
         update refunds r set payment_id = null from orders o
         where r.payment_id = any($1) and r.reason = 'provider'
           and o.tenant_id = r.tenant_id and o.id = r.order_id and o.payment_id = r.payment_id
         returning r.order_id, r.id
       )
       select order_id as "orderId", max(id::text) as "refundId" from adopted group by order_id order by order_id`,
      [paymentIds],
    );
  }

  /** What organizers gave back of an order against the rule, oldest first. */
  overridesOf(orderId: string): Promise<KeptOverride[]> {
    return this.database.current().query<KeptOverride>(
      `select r.id as "refundId", r.amount, r.override_reason as reason, r.override_by as "userId", u.name, r.created_at as at,
         (select json_agg(t.id order by t.id) from tickets t where t.order_id = r.order_id and t.refund_id = r.id) as "ticketIds"
       from refunds r join users u on u.id = r.override_by
       where r.order_id = $1 and r.override_reason is not null order by r.created_at, r.id`,
      [orderId],
    );
  }

  async isKnown(refundId: string): Promise<boolean> {
    const known = await this.database.current().query('select from refunds where id = $1', [refundId]);
    return known.length > 0;
  }

  /** The money has moved: pending becomes refunded, once. `sequence` and `covered` (minor units) as the message has them. */
  async succeeded(orderId: string, refundId: string, sequence = 0, covered = 0): Promise<void> {
    await this.database.current().execute(
      `${HEARD}, moved as (update refunds set status = 'succeeded', settled_at = now(), heard = $3, covered = $4 from was where refunds.id = was.id)
       update orders set refunded = refunded + was.amount - $4, refund_pending = refund_pending - was.amount, updated_at = now()
       from was where orders.id = $1 and was.status <> 'succeeded'`,
      [orderId, refundId, sequence, covered],
    );
  }

  /** The provider refused, perhaps after it had said that the money moved: it stays owed until a person acts. */
  async failed(orderId: string, refundId: string, sequence = 0): Promise<void> {
    await this.database.current().execute(
      `${HEARD}, failed as (update refunds set status = 'failed', settled_at = null, heard = $3, covered = 0 from was where refunds.id = was.id)
       update orders set refunded = refunded - (was.amount - was.covered), refund_pending = refund_pending + was.amount, updated_at = now()
       from was where orders.id = $1 and was.status = 'succeeded'`,
      [orderId, refundId, sequence],
    );
  }
}

/** The refund as it was, if this is the latest word about it. Words without a number are older than those that have one. */
const HEARD = `
  with was as (select id, amount, covered, status from refunds where id = $2 and order_id = $1 and (heard = 0 or heard < $3) for update)`;
