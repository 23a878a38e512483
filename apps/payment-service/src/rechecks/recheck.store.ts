import { Inject, Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@app/persistence';

/** A payment that the provider is to be asked for. */
export interface DueRecheck {
  paymentId: string;
  tenantId: string;
  sessionId: string;
}

@Injectable()
export class RecheckStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** What of an order may have moved at the provider without our hearing of it is asked for now; in the open transaction. */
  async request(orderId: string): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute(
      `update payments set recheck_due_at = now()
       where order_id = $1 and session_id is not null and status in ('opening', 'open', 'failed', 'expired')`,
      [orderId],
    );
    await transaction.execute(`update refunds set due_at = now() where order_id = $1 and status = 'pending'`, [
      orderId,
    ]);
  }

  /** Takes what is due, of any tenant (job role). It is due again after 30 s, unless it is answered. */
  claim(transaction: Transaction, limit: number): Promise<DueRecheck[]> {
    return transaction.query<DueRecheck>(
      `update payments set recheck_due_at = now() + interval '30 seconds'
       where id in (
         select id from payments where recheck_due_at <= now()
         order by recheck_due_at limit $1 for no key update skip locked)
       returning id as "paymentId", tenant_id as "tenantId", session_id as "sessionId"`,
      [limit],
    );
  }

  /** In the open transaction. */
  async answered(paymentId: string): Promise<void> {
    await this.database.current().execute('update payments set recheck_due_at = null where id = $1', [paymentId]);
  }
}
