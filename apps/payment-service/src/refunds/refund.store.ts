import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Payment } from '../payments/payments.module.js';
import type { RefundStatus } from './refund.js';
import { REFUND_COLUMNS, toRefund, type Refund, type RefundOrigin, type RefundRow } from './refund-row.js';

export interface NewRefund {
  id: string;
  payment: Payment;
  amount: Refund['amount'];
  origin: RefundOrigin;
  reason: string;
  correlationId: string;
  providerRefundId?: string;
  /** Why it will never be made; it then begins as failed. */
  failure?: string;
}

/** Refunds, inside the open transaction of their tenant. */
@Injectable()
export class RefundStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  async insert(refund: NewRefund): Promise<Refund> {
    const { id, payment, amount, origin, reason, correlationId, providerRefundId, failure } = refund;
    const [row] = await this.database.current().query<RefundRow>(
      `insert into refunds (id, tenant_id, order_id, payment_id, user_id, origin, reason, amount, currency, correlation_id, provider_refund_id,
         status, failure)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${REFUND_COLUMNS}`,
      [
        id,
        payment.tenantId,
        payment.orderId,
        payment.id,
        payment.userId,
        origin,
        reason,
        amount.amount,
        amount.currency,
        correlationId,
        providerRefundId ?? null,
        failure === undefined ? 'pending' : 'failed',
        failure ?? null,
      ],
    );
    return toRefund(row as RefundRow);
  }

  /** By our id or by the provider's; locked. */
  async lock(refundId: string | null, providerRefundId?: string): Promise<Refund | undefined> {
    const [row] = await this.database
      .current()
      .query<RefundRow>(
        `select ${REFUND_COLUMNS} from refunds where id::text = $1 or provider_refund_id = $2 for no key update`,
        [refundId, providerRefundId ?? null],
      );
    return row && toRefund(row);
  }

  async save(refundId: string, status: RefundStatus, failure: string | null): Promise<void> {
    await this.database
      .current()
      .execute('update refunds set status = $2, failure = $3, updated_at = now() where id = $1', [
        refundId,
        status,
        failure,
      ]);
  }

  async noteProviderId(refundId: string, providerRefundId: string): Promise<void> {
    await this.database
      .current()
      .execute('update refunds set provider_refund_id = $2 where id = $1 and provider_refund_id is null', [
        refundId,
        providerRefundId,
      ]);
  }
}
