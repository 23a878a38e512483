import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, type Money } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { DisputeStore } from '../../disputes/disputes.module.js';
import { PaymentStore, type Payment } from '../../payments/payments.module.js';
import { bearingPayment } from '../bearing-payment.js';
import { PayRefunds } from '../pay-refunds/pay-refunds.js';
import { RefundProgress } from '../refund-progress.js';
import type { RefundOrigin } from '../refund-row.js';
import { RefundStore } from '../refund.store.js';

export interface RefundRequest {
  refundId: string;
  tenantId: string;
  orderId: string;
  /** The payment whose money goes back; any of the order's if absent. */
  paymentId?: string;
  amount: Money;
  origin: RefundOrigin;
  reason: string;
  correlationId: string;
}

/** Puts the money aside and notes that it is to go back, once per `refundId`, in the open transaction. */
@Injectable()
export class RequestRefund {
  private readonly log = new Logger(RequestRefund.name);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(DisputeStore) private readonly disputes: DisputeStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
    @Inject(PayRefunds) private readonly paying: PayRefunds,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async request(request: RefundRequest): Promise<void> {
    const { refundId, tenantId, orderId, paymentId, amount, origin, reason, correlationId } = request;
    const payments = await this.payments.lockOfOrder(orderId);
    if (await this.refunds.lock(refundId)) return;
    const payment = bearingPayment(payments, amount, paymentId);
    // The payer gets this money through the bank, or has it already.
    if (payment && (await this.disputes.barsRefunds(payment.id)))
      return this.refuse(request, [payment], 'the payment is disputed');
    if (!payment || !(await this.payments.reserveRefund(payment.id, amount))) return this.refuse(request, payments);
    if (paymentId && payment.id !== paymentId)
      this.log.warn('The payment named has too little left; another one of the order bears the refund', {
        refundId,
        paymentId,
      });
    if (amount.amount === 0) {
      const data = { orderId, paymentId: payment.id, refundId, amount, sequence: 1 };
      await this.outbox.add(paymentRefunded, { tenantId, data });
      return;
    }
    await this.refunds.insert({ id: refundId, payment, amount, origin, reason, correlationId });
    this.database.current().afterCommit(() => this.paying.wake());
  }

  /**
   * No later try would find more: a payment is paid before anybody may ask for its money back, and what has gone back
   * does not return by itself. A person has to see to it, and may still make the refund at the provider.
   */
  private async refuse(
    { refundId, ...request }: RefundRequest,
    payments: readonly Payment[],
    why = 'too little is left of what was paid',
  ): Promise<void> {
    const payment = payments.find(({ id }) => id === request.paymentId) ?? payments.find(({ paid }) => paid !== null);
    const failure = payment ? why : 'nothing was paid for the order';
    const refund = { ...request, id: refundId, paymentId: payment?.id ?? request.paymentId };
    if (payment) await this.refunds.insert({ ...refund, payment, failure });
    await this.progress.reportFailure(refund, failure);
  }
}
