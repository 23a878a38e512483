import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

export interface ToldDispute {
  id: string;
  tenantId: string;
  orderId: string;
  paymentId: string;
  status: 'open' | 'lost' | 'won';
}

/** Disputes of payments, inside the open transaction of the order's tenant; the order is locked. */
@Injectable()
export class DisputeStore {
  constructor(private readonly database: Database) {}

  /** A dispute goes from open to lost to won, steps may be left out; what comes later than a further step is old news. */
  async note({ id, tenantId, orderId, paymentId, status }: ToldDispute): Promise<void> {
    await this.database.current().execute(
      `insert into disputes (id, tenant_id, order_id, payment_id, status) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, id) do update set status = excluded.status
       where array_position('{open,lost,won}'::text[], disputes.status) < array_position('{open,lost,won}'::text[], excluded.status)`,
      [id, tenantId, orderId, paymentId, status],
    );
  }

  /** Whether the payer gets this payment's money through the bank, or may. */
  async isDisputed(paymentId: string, orderId: string): Promise<boolean> {
    const disputes = await this.database
      .current()
      .query(`select from disputes where order_id = $1 and payment_id = $2 and status <> 'won'`, [orderId, paymentId]);
    return disputes.length > 0;
  }
}
