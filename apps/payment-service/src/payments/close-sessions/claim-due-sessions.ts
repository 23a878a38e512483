import type { Transaction } from '@app/persistence';
import type { SessionParameters } from '../../stripe/stripe.module.js';

export interface DueSession {
  paymentId: string;
  tenantId: string;
  sessionId: string | null;
  parameters: SessionParameters;
  idempotencyKey: string;
}

/**
 * Takes sessions that have to end, of any tenant (job role). They are due again after 15 s, then less and less often, up
 * to 5 min: long enough for the answer of the provider, soon enough after a crash.
 */
export const claimDueSessions = (transaction: Transaction, limit: number): Promise<DueSession[]> =>
  transaction.query<DueSession>(
    `update payments set
       close_due_at = now() + make_interval(secs => least(15 * 2 ^ least(close_attempts, 10), 300)),
       close_attempts = close_attempts + 1
     where id in (
       select id from payments where status in ('opening', 'open') and close_due_at <= now()
       order by close_due_at limit $1 for no key update skip locked)
     returning id as "paymentId", tenant_id as "tenantId", session_id as "sessionId", parameters, idempotency_key as "idempotencyKey"`,
    [limit],
  );
