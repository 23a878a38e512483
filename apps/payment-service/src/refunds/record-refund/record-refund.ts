import { Inject, Injectable } from '@nestjs/common';
import { v5 as uuidFrom } from 'uuid';
import { PaymentStore, type Payment } from '../../payments/payments.module.js';
import type { ProviderRefund } from '../../stripe/stripe.module.js';
import { MadeByHandStore } from '../made-by-hand.store.js';
import { RefundProgress } from '../refund-progress.js';
import { asideFor, type Refund } from '../refund-row.js';
import { RefundStore, type NewRefund } from '../refund.store.js';
import { cover } from '../settlement.js';

/** Any constant UUID: ids of refunds that the provider made are derived from the provider's, so that all agree on them. */
const PROVIDER_REFUNDS = '6f2f1d0e-8d0a-4c53-9a1e-2f6f4f1b7c11';

/** Notes what the provider says of a refund: of one of ours, or of one that somebody made in its dashboard. */
@Injectable()
export class RecordRefund {
  constructor(
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(MadeByHandStore) private readonly byHand: MadeByHandStore,
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
    const known = await this.refunds.lock(given.refundId ?? idOf(given.id), given.id);
    if (known?.spentProviderIds.includes(given.id)) return true;
    if (known && isOf(known, given)) {
      // Of a try that is known to have failed: old news, or the money moved after all.
      if (known.status === 'settled' && known.providerRefundId && given.status === 'succeeded' && !isAsked)
        return false;
      await this.progress.apply(known, payment, given);
      return true;
    }
    if (await this.byHand.isSpent(paymentId, given.id)) return true;
    if (given.status === 'failed') return this.byHand.noteFailed(paymentId, given.id).then(() => true);
    // The older news may come last.
    if (!isAsked && (await this.byHand.hasFailed(paymentId, given.id))) return false;
    const refund = await this.adopt(payment, given, known === undefined);
    if (refund) await this.progress.apply(refund, payment, given);
    return refund !== undefined;
  }

  /**
   * What nobody asked for over us. One of the amount of a refund that waits to be made is that refund: its money was owed,
   * and is not given back besides.
   */
  private async adopt(payment: Payment, given: ProviderRefund, mayBeMeant: boolean): Promise<Refund | undefined> {
    const { id: providerRefundId, amount } = given;
    const meant = mayBeMeant ? await this.byHand.meant(payment.id, amount) : undefined;
    // What is to be tried again has its money put aside.
    const wanted = meant ? asideFor(meant) : amount;
    const isAside = meant?.status === 'pending' || (await this.payments.reserveRefund(payment.id, wanted));
    if (meant) return isAside ? this.byHand.take(meant.id, providerRefundId) : undefined;
    const { correlationId } = payment;
    const id = idOf(providerRefundId);
    const reason = 'made at the provider';
    const made = { id, payment, amount, origin: 'provider', reason, correlationId, providerRefundId } as const;
    return isAside ? this.refunds.insert(made) : this.payAgain(made);
  }

  /**
   * More than was left, because a person had paid back some of it otherwise: that is paid twice. It moved, so it is booked;
   * put aside and told is what was not before.
   */
  private async payAgain(made: NewRefund): Promise<Refund | undefined> {
    const { paid, refundedTotal } = await this.payments.lock(made.payment.id);
    if (paid?.currency !== made.amount.currency) return undefined;
    const left = paid.amount - refundedTotal;
    const { parts, open } = cover(made.amount.amount - left, await this.byHand.settledOf(made.payment.id));
    if (open > 0) return undefined;
    await this.payments.reserveRefund(made.payment.id, { ...made.amount, amount: left });
    const refund = await this.refunds.insert({ ...made, parts });
    this.progress.alert(refund);
    return refund;
  }
}

const idOf = (providerRefundId: string) => uuidFrom(providerRefundId, PROVIDER_REFUNDS);

/** A second one that bears our id is a refund of its own: money that moved is never taken for money that moved before. */
const isOf = ({ providerRefundId }: Refund, { id }: ProviderRefund) =>
  providerRefundId === null || providerRefundId === id;
