import { Inject, Injectable } from '@nestjs/common';
import { v5 as uuidFrom } from 'uuid';
import { PaymentStore } from '../../payments/payments.module.js';
import type { ProviderRefund } from '../../stripe/stripe.module.js';
import { RefundProgress } from '../refund-progress.js';
import type { Refund } from '../refund-row.js';
import { RefundStore } from '../refund.store.js';

/** Any constant UUID: ids of refunds that the provider made are derived from the provider's, so that all agree on them. */
const PROVIDER_REFUNDS = '6f2f1d0e-8d0a-4c53-9a1e-2f6f4f1b7c11';

/** Notes what the provider says of a refund: of one of ours, or of one that somebody made in its dashboard. */
@Injectable()
export class RecordRefund {
  constructor(
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
  ) {}

  /**
   * In the open transaction of the payment's tenant.
   * @param isAsked whether the provider says so now, or has at some time
   * @returns false when it does not fit yet: the payment is not known to be paid, a refund of ours that will fail has put
   * the same money aside, or the provider has to be asked whether it means it.
   */
  async record(paymentId: string, given: ProviderRefund, isAsked = false): Promise<boolean> {
    const payment = await this.payments.lock(paymentId);
    const madeThere = uuidFrom(given.id, PROVIDER_REFUNDS);
    const known = await this.refunds.lock(given.refundId ?? madeThere, given.id);
    if (known?.spentProviderIds.includes(given.id)) return true;
    if (known && isOf(known, given)) {
      // Of a try that is known to have failed: old news, or the money moved after all.
      if (known.status === 'settled' && known.providerRefundId && given.status === 'succeeded' && !isAsked)
        return false;
      await this.progress.apply(known, payment, given);
      return true;
    }
    if (given.status === 'failed') return true;
    if (!(await this.payments.reserveRefund(paymentId, given.amount))) return false;
    const refund = await this.refunds.insert({
      id: madeThere,
      payment,
      amount: given.amount,
      origin: 'provider',
      reason: 'made at the provider',
      correlationId: payment.correlationId,
      providerRefundId: given.id,
    });
    await this.progress.apply(refund, payment, given);
    return true;
  }
}

/** A second one that bears our id is a refund of its own: money that moved is never taken for money that moved before. */
const isOf = ({ providerRefundId }: Refund, { id }: ProviderRefund) =>
  providerRefundId === null || providerRefundId === id;
