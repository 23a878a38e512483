import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { PaymentStore } from '../../payments/payments.module.js';
import { StripeGateway, type ProviderRefund } from '../../stripe/stripe.module.js';
import { RecordRefund } from '../record-refund/record-refund.js';
import { RefundProgress } from '../refund-progress.js';
import { asideFor } from '../refund-row.js';
import { RefundStore } from '../refund.store.js';
import type { DueRefund } from './claim-due-refunds.js';

/**
 * The provider may refuse a refund because somebody has given back part of the payment in its dashboard, and we have not
 * heard of that yet. Then that part is of it, and the provider is asked for the rest.
 */
@Injectable()
export class LessenRefund {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(RecordRefund) private readonly recording: RecordRefund,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
  ) {}

  /** @returns false when that is not why it was refused: nothing has changed then. @throws ProviderUnavailable */
  async lessen(due: DueRefund): Promise<boolean> {
    if (!due.paymentIntent || due.providerRefundId) return false;
    const all = await this.stripe.listRefunds(due.paymentIntent);
    const byHand = all.filter(({ refundId, status }) => refundId === null && status === 'succeeded');
    if (byHand.length === 0) return false;
    try {
      await this.database.asTenant(due.tenantId, () => this.makeRoom(due, byHand));
      return true;
    } catch (error) {
      if (error instanceof OtherCause) return false;
      throw error;
    }
  }

  /** Another amount is another request to the provider: a round of its own, with a key of its own. */
  private async makeRoom({ refundId, paymentId, round }: DueRefund, byHand: readonly ProviderRefund[]): Promise<void> {
    const payment = await this.payments.lock(paymentId);
    const refund = await this.refunds.lock(refundId);
    if (refund?.round !== round || refund.status !== 'pending') throw new OtherCause();
    await this.payments.releaseRefund(paymentId, asideFor(refund));
    await this.refunds.retry(refundId);
    for (const given of byHand) await this.recording.record(paymentId, given, true);
    const again = await this.refunds.lock(refundId);
    if (again?.providerRefundId !== null || !(await this.progress.fit(again, payment))) throw new OtherCause();
    const after = await this.refunds.lock(refundId);
    if (after?.lessened === refund.lessened) throw new OtherCause();
  }
}

/** Undoes what was tried. */
class OtherCause extends Error {}
