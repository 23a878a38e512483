import type { Transaction } from '@app/persistence';

export interface PendingPayment {
  paymentId: string;
  tenantId: string;
  sessionId: string;
}

/**
 * Takes payments whose session is open and of which nothing was heard for so many seconds, of any tenant (job role),
 * the longest silent first. They are not due again before as long a time.
 */
export const claimPendingPayments = (
  transaction: Transaction,
  { seconds, limit }: { seconds: number; limit: number },
): Promise<PendingPayment[]> =>
  transaction.query<PendingPayment>(
    `update payments set asked_at = now() where id in (
       select id from payments where status = 'open' and coalesce(asked_at, created_at) <= now() - make_interval(secs => $1)
       order by coalesce(asked_at, created_at) limit $2 for no key update skip locked)
     returning id as "paymentId", tenant_id as "tenantId", session_id as "sessionId"`,
    [seconds, limit],
  );
