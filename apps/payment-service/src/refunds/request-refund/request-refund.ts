import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, type Money } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { PaymentStore } from '../../payments/payments.module.js';
import { bearingPayment } from '../bearing-payment.js';
import { PayRefunds } from '../pay-refunds/pay-refunds.js';
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
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(PayRefunds) private readonly paying: PayRefunds,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** @throws when no payment of the order has that much left; the message is tried again and ends with a person. */
  async request({
    refundId,
    tenantId,
    orderId,
    paymentId,
    amount,
    origin,
    reason,
    correlationId,
  }: RefundRequest): Promise<void> {
    const payments = await this.payments.lockOfOrder(orderId);
    if (await this.refunds.lock(refundId)) return;
    const payment = bearingPayment(payments, amount, paymentId);
    if (!payment || !(await this.payments.reserveRefund(payment.id, amount)))
      throw new Error(
        `Order ${orderId} has no payment with ${amount.amount} ${amount.currency} left for refund ${refundId}.`,
      );
    if (paymentId && payment.id !== paymentId)
      this.log.warn('The payment named has too little left; another one of the order bears the refund', {
        refundId,
        paymentId,
      });
    if (amount.amount === 0) {
      await this.outbox.add(paymentRefunded, { tenantId, data: { orderId, paymentId: payment.id, refundId, amount } });
      return;
    }
    await this.refunds.insert({ id: refundId, payment, amount, origin, reason, correlationId });
    this.database.current().afterCommit(() => this.paying.wake());
  }
}
