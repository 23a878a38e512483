import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { Database } from '@app/persistence';
import { REFUND_COLUMNS, toRefund, type Refund, type RefundRow } from './refund-row.js';
import type { MadeRefund } from './settlement.js';

/**
 * Refunds of ours that somebody makes in the provider's dashboard, where nothing tells which of ours is meant. Inside the
 * open transaction of their tenant; their payment is locked.
 */
@Injectable()
export class MadeByHandStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * The refund of this payment and amount that a refund made in the dashboard is: one that waits for a person, else one
   * that a person has tried again and the provider has not made yet. Among equals the oldest; locked.
   */
  async meant(paymentId: string, { amount, currency }: Money): Promise<Refund | undefined> {
    const [row] = await this.database.current().query<RefundRow>(
      `select ${REFUND_COLUMNS} from refunds
       where payment_id = $1 and amount - lessened = $2 and currency = $3
         and (status = 'failed' or (status = 'pending' and round > 0 and provider_refund_id is null))
       order by status, created_at, id limit 1 for no key update`,
      [paymentId, amount, currency],
    );
    return row && toRefund(row);
  }

  /** Somebody has made it: a round of its own, so that no answer to an earlier try counts for it. */
  async take(refundId: string, providerRefundId: string): Promise<Refund> {
    const [row] = await this.database.current().query<RefundRow>(
      `update refunds set status = 'pending', failure = null, round = round + 1, attempts = 0,
         spent_provider_ids = array_remove(spent_provider_ids || provider_refund_id, null), provider_refund_id = $2, updated_at = now()
       where id = $1 returning ${REFUND_COLUMNS}`,
      [refundId, providerRefundId],
    );
    return toRefund(row as RefundRow);
  }

  /** Whether it was a try at one of the payment's refunds that failed for good. */
  async isSpent(paymentId: string, providerRefundId: string): Promise<boolean> {
    const spent = await this.database
      .current()
      .query('select from refunds where payment_id = $1 and $2 = any(spent_provider_ids) limit 1', [
        paymentId,
        providerRefundId,
      ]);
    return spent.length > 0;
  }

  /** The provider's ids of what the payment's other refunds are, or were. */
  async namesOfOthers(paymentId: string, refundId: string): Promise<Set<string>> {
    const rows = await this.database
      .current()
      .query<{ name: string }>(
        `select unnest(spent_provider_ids || provider_refund_id) as name from refunds where payment_id = $1 and id <> $2`,
        [paymentId, refundId],
      );
    return new Set(rows.map(({ name }) => name));
  }

  /** That the provider's refund failed, of which nothing else is known. */
  async noteFailed(paymentId: string, providerRefundId: string): Promise<void> {
    await this.database
      .current()
      .execute(
        'update payments set failed_refunds = failed_refunds || $2::text where id = $1 and not $2 = any(failed_refunds)',
        [paymentId, providerRefundId],
      );
  }

  async hasFailed(paymentId: string, providerRefundId: string): Promise<boolean> {
    const failed = await this.database
      .current()
      .query('select from payments where id = $1 and $2 = any(failed_refunds)', [paymentId, providerRefundId]);
    return failed.length > 0;
  }

  /** What of these payments was given back there and is no other refund's, oldest first; locked. */
  async freeOf(paymentIds: readonly string[]): Promise<Map<string, MadeRefund[]>> {
    const rows = await this.database.current().query<MadeRefund & { paymentId: string }>(
      `select payment_id as "paymentId", id, provider_refund_id as "providerRefundId", amount - covers as free from refunds
       where payment_id = any($1) and origin = 'provider' and status = 'succeeded' and amount > covers
       order by created_at, id for no key update`,
      [paymentIds],
    );
    const free = new Map<string, MadeRefund[]>();
    for (const { paymentId, ...made } of rows) free.set(paymentId, [...(free.get(paymentId) ?? []), made]);
    return free;
  }

  /** What of the payment persons have paid back otherwise, and is nothing that the provider has moved; locked. */
  settledOf(paymentId: string): Promise<MadeRefund[]> {
    return this.database.current().query<MadeRefund>(
      `select id, id::text as "providerRefundId", amount - covered - covers as free from refunds
       where payment_id = $1 and status = 'settled' and amount > covered + covers order by created_at, id for no key update`,
      [paymentId],
    );
  }

  /** Those of the payment that bear these names, have moved, and are nothing that was asked for over us; locked. */
  named(paymentId: string, providerRefundIds: readonly string[]): Promise<MadeRefund[]> {
    return this.database.current().query<MadeRefund>(
      `select id, provider_refund_id as "providerRefundId", amount - covers as free from refunds
       where payment_id = $1 and provider_refund_id = any($2) and origin = 'provider' and status = 'succeeded'
       order by created_at, id for no key update`,
      [paymentId, providerRefundIds],
    );
  }
}
