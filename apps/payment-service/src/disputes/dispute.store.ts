import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { Database } from '@app/persistence';
import type { Payment } from '../payments/payments.module.js';
import type { DisputeState } from './dispute.js';

export interface NewDispute extends DisputeState {
  id: string;
  payment: Payment;
  providerDisputeId: string;
  amount: Money;
  reason: string;
}

/** Disputes, inside the open transaction of their tenant; their payment is locked. */
@Injectable()
export class DisputeStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** By the provider's id. */
  async find(providerDisputeId: string): Promise<(DisputeState & { id: string }) | undefined> {
    const [row] = await this.database
      .current()
      .query<DisputeState & { id: string }>(
        'select id, status, withdrawn, reinstated from disputes where provider_dispute_id = $1',
        [providerDisputeId],
      );
    return row;
  }

  async insert(dispute: NewDispute): Promise<void> {
    const { id, payment, providerDisputeId, amount, reason, status, withdrawn, reinstated } = dispute;
    await this.database.current().execute(
      `insert into disputes (id, tenant_id, order_id, payment_id, provider_dispute_id, amount, currency, reason, status, withdrawn, reinstated)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        id,
        payment.tenantId,
        payment.orderId,
        payment.id,
        providerDisputeId,
        amount.amount,
        amount.currency,
        reason,
        status,
        withdrawn,
        reinstated,
      ],
    );
  }

  /** @param taken what the bank takes now, which may be less than the payer asked for first; null when it takes nothing */
  async save(id: string, { status, withdrawn, reinstated }: DisputeState, taken: Money | null): Promise<void> {
    await this.database.current().execute(
      `update disputes set status = $2, withdrawn = $3, reinstated = $4, amount = coalesce($5, amount),
         currency = coalesce($6, currency), updated_at = now()
       where id = $1`,
      [id, status, withdrawn, reinstated, taken?.amount ?? null, taken?.currency ?? null],
    );
  }

  /** Whether the payer gets this payment's money through the bank, or may: a refund would pay it twice. */
  async barsRefunds(paymentId: string): Promise<boolean> {
    return (await this.barRefundsOf([paymentId])).has(paymentId);
  }

  /** Whether the bank has not decided yet who gets the money. */
  async isOpen(paymentId: string): Promise<boolean> {
    const open = await this.database
      .current()
      .query(`select from disputes where payment_id = $1 and status = 'open' limit 1`, [paymentId]);
    return open.length > 0;
  }

  /** Those of which that is so. */
  async barRefundsOf(paymentIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.current().query<{
      payment_id: string;
    }>(`select payment_id from disputes where payment_id = any($1) and status in ('open', 'lost')`, [paymentIds]);
    return new Set(rows.map(({ payment_id: paymentId }) => paymentId));
  }
}
