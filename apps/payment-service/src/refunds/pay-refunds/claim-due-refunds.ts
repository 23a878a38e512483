import type { Money } from '@app/contracts';
import type { Transaction } from '@app/persistence';

export interface DueRefund {
  refundId: string;
  tenantId: string;
  paymentId: string;
  paymentIntent: string | null;
  providerRefundId: string | null;
  /** What the provider has to move. */
  amount: Money;
  /** How often a person has taken it up. */
  round: number;
  /** The provider's ids of earlier rounds, which failed for good. */
  spentProviderIds: string[];
  /** Tries before this one, in this round. */
  attempts: number;
  /** Whether the provider has been asked for so long that a person has to see to it. */
  isOverdue: boolean;
  /** Whether the payer gets the payment's money through the bank. */
  isDisputed: boolean;
}

/** Longer than that no outage lasts; Stripe repeats webhooks for as long. */
const PATIENCE = `interval '3 days'`;

/**
 * Takes refunds whose money has to move, or to be asked after, of any tenant (job role). They are due again after 15 s,
 * then less and less often, up to an hour.
 * @param atOnce how many at most
 * @param perSecond how many all replicas together take within any second, in the long run
 */
export async function claimDueRefunds(
  transaction: Transaction,
  { atOnce, perSecond }: { atOnce: number; perSecond: number },
): Promise<DueRefund[]> {
  const [pace] = await transaction.query<{ free: number }>(FREE, [atOnce, perSecond]);
  // Below zero: who has waited for the row may see it used up to a moment after the own transaction began.
  if (!pace || pace.free <= 0) return [];
  const claimed = await transaction.query<DueRefund>(CLAIM, [pace.free]);
  if (claimed.length > 0) await transaction.execute(USED, [claimed.length, perSecond]);
  return claimed;
}

/** What is left of the pace; nobody can save up more than a second's worth. Other replicas wait for this row. */
const FREE = `
  select least($1::int, floor(extract(epoch from now() - greatest(used_until, now() - interval '1 second')) * $2::int))::int as free
  from refund_pace for no key update`;

const USED = `
  update refund_pace set used_until = greatest(used_until, now() - interval '1 second') + $1::int * interval '1 second' / $2::int`;

/**
 * One of each tenant, then a second one of each, and so on, so that nobody waits for the 50,000 of a cancelled event; among
 * equals by chance, because a pace of one by one would else serve the longest queue alone. Tenants are found by skipping
 * from one to the next in the index.
 */
const CLAIM = `
  with recursive tenants as (
    (select tenant_id from refunds where status = 'pending' order by tenant_id limit 1)
    union all
    select (select r.tenant_id from refunds r where r.status = 'pending' and r.tenant_id > t.tenant_id order by r.tenant_id limit 1)
    from tenants t where t.tenant_id is not null
  ), turns as (
    select due.id, row_number() over (partition by t.tenant_id order by due.due_at) as turn
    from tenants t cross join lateral (
      select r.id, r.due_at from refunds r
      where r.tenant_id = t.tenant_id and r.status = 'pending' and r.due_at <= now() order by r.due_at limit $1
    ) due
  )
  update refunds r set
    due_at = now() + make_interval(secs => least(15 * 2 ^ least(r.attempts, 10), 3600)),
    attempts = r.attempts + 1,
    first_tried_at = case when r.attempts > 0 then coalesce(r.first_tried_at, now()) else now() end
  from payments p
  where p.tenant_id = r.tenant_id and p.id = r.payment_id and r.id in (
    select id from refunds where id in (select id from turns order by turn, random() limit $1)
      and status = 'pending' and due_at <= now() for no key update skip locked)
  returning r.id as "refundId", r.tenant_id as "tenantId", r.payment_id as "paymentId", p.payment_intent as "paymentIntent",
    r.provider_refund_id as "providerRefundId", json_build_object('amount', r.amount - r.lessened, 'currency', r.currency) as amount,
    r.round, r.spent_provider_ids as "spentProviderIds", r.attempts - 1 as attempts,
    r.first_tried_at < now() - ${PATIENCE} as "isOverdue",
    exists (select from disputes d where d.tenant_id = r.tenant_id and d.payment_id = r.payment_id and d.status in ('open', 'lost')) as "isDisputed"`;
