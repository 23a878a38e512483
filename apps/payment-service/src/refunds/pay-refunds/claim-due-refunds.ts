import type { Money } from '@app/contracts';
import type { Transaction } from '@app/persistence';

export interface DueRefund {
  refundId: string;
  tenantId: string;
  paymentId: string;
  paymentIntent: string | null;
  providerRefundId: string | null;
  amount: Money;
  /** Tries before this one. */
  attempts: number;
  /** Whether it has waited for so long that a person has to see to it. */
  isOverdue: boolean;
}

/** Longer than that no outage lasts; Stripe repeats webhooks for as long. */
const PATIENCE = `interval '3 days'`;

/**
 * Takes refunds whose money has to move, or to be asked after, of any tenant (job role). They are due again after 15 s,
 * then less and less often, up to an hour.
 */
export const claimDueRefunds = (transaction: Transaction, limit: number): Promise<DueRefund[]> =>
  transaction.query<DueRefund>(
    `update refunds r set
       due_at = now() + make_interval(secs => least(15 * 2 ^ least(r.attempts, 10), 3600)),
       attempts = r.attempts + 1
     from payments p
     where p.tenant_id = r.tenant_id and p.id = r.payment_id and r.id in (
       select id from refunds where status = 'pending' and due_at <= now()
       order by due_at limit $1 for no key update skip locked)
     returning r.id as "refundId", r.tenant_id as "tenantId", r.payment_id as "paymentId", p.payment_intent as "paymentIntent",
       r.provider_refund_id as "providerRefundId", json_build_object('amount', r.amount, 'currency', r.currency) as amount,
       r.attempts - 1 as attempts, r.created_at < now() - ${PATIENCE} as "isOverdue"`,
    [limit],
  );
