import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, type Money } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { DisputeStore } from '../../disputes/disputes.module.js';
import { PaymentStore, type Payment } from '../../payments/payments.module.js';
import { bearingPayment } from '../bearing-payment.js';
import { MadeByHandStore } from '../made-by-hand.store.js';
import { PayRefunds } from '../pay-refunds/pay-refunds.js';
import { RefundProgress } from '../refund-progress.js';
import type { RefundOrigin } from '../refund-row.js';
import { RefundStore, type NewRefund } from '../refund.store.js';
import { cover, sumOf, without, type MadeRefund, type Parts } from '../settlement.js';

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
  traceparent?: string;
}

/** What becomes of a request. `failure`: why it can never be made; of an order that nobody paid there is no payment. */
type Judged =
  | { request: RefundRequest; payment: Payment; failure?: string; parts?: Parts }
  | { request: RefundRequest; failure: string };

/** Puts money aside and notes that it is to go back, once per `refundId`, in the open transaction of one tenant. */
@Injectable()
export class RequestRefund {
  private readonly log = new Logger(RequestRefund.name);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(DisputeStore) private readonly disputes: DisputeStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(MadeByHandStore) private readonly byHand: MadeByHandStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
    @Inject(PayRefunds) private readonly paying: PayRefunds,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** The same few statements, however many they are. */
  async requestAll(requests: readonly RefundRequest[]): Promise<void> {
    const payments = await this.payments.lockOfOrders(requests.map(({ orderId }) => orderId));
    const known = await this.refunds.known(requests.map(({ refundId }) => refundId));
    const once = new Map(requests.toReversed().map((request) => [request.refundId, request]));
    const unknown = [...once.values()].filter(({ refundId }) => !known.has(refundId)).reverse();
    const disputed = await this.disputes.barRefundsOf(payments.map(({ id }) => id));
    const judged = await this.judge(unknown, payments, disputed);
    for (const one of judged) this.warnOfOther(one);

    const made = judged.flatMap((one) => ('payment' in one && one.failure === undefined ? [one] : []));
    await this.payments.reserveRefunds(
      made.map(({ request: { amount }, payment, parts = [] }) => ({
        ...{ paymentId: payment.id, amount: { ...amount, amount: amount.amount - sumOf(parts) } },
      })),
    );
    const withAmount = judged.filter(({ request }) => request.amount.amount > 0);
    await this.refunds.insertAll(withAmount.flatMap((one) => ('payment' in one ? [toNewRefund(one)] : [])));
    await this.tellOfNothing(made.filter(({ request, parts = [] }) => request.amount.amount === sumOf(parts)));
    for (const one of judged) if (one.failure !== undefined) await this.reportFailure(one, one.failure);
    this.database.current().afterCommit(() => this.paying.wake());
  }

  /** Refunds in the provider's dashboard are looked for only where too little is left without them. */
  private async judge(
    requests: readonly RefundRequest[],
    payments: readonly Payment[],
    disputed: ReadonlySet<string>,
  ): Promise<Judged[]> {
    const judged = judgeAll(requests, payments, disputed, new Map());
    const short = judged.flatMap((one) => (one.failure === TOO_LITTLE && 'payment' in one ? [one.payment.id] : []));
    if (short.length === 0) return judged;
    return judgeAll(requests, payments, disputed, await this.byHand.freeOf(short));
  }

  private warnOfOther(one: Judged): void {
    const { refundId, paymentId } = one.request;
    if (paymentId && 'payment' in one && one.failure === undefined && one.payment.id !== paymentId)
      this.log.warn('The payment named has too little left; another one of the order bears the refund', {
        refundId,
        paymentId,
      });
  }

  /** Nothing has to move for them. */
  private async tellOfNothing(made: readonly { request: RefundRequest; payment: Payment }[]): Promise<void> {
    await this.outbox.addAll(
      paymentRefunded,
      made.map(({ request: { tenantId, refundId, orderId, amount, correlationId, traceparent }, payment }) => ({
        ...{ tenantId, correlationId, traceparent },
        // What there is of it was made in the dashboard, and told then.
        data: { orderId, paymentId: payment.id, refundId, amount, covered: amount, sequence: 1 },
      })),
    );
  }

  /** A person has to see to it, and may still make the refund at the provider. */
  private async reportFailure(one: Judged, failure: string): Promise<void> {
    const { refundId: id, paymentId, ...request } = one.request;
    await this.progress.reportFailure(
      { ...request, id, paymentId: 'payment' in one ? one.payment.id : paymentId },
      failure,
    );
  }
}

const TOO_LITTLE = 'too little is left of what was paid';

/**
 * Each counts what those before it take. No later try would find more: a payment is paid before anybody may ask for its
 * money back, and what has gone back does not return by itself.
 * @param byHand by payment, what was given back in the provider's dashboard and is no refund of ours yet: of one that was
 * asked for by somebody who had not heard of it, it is part
 */
function judgeAll(
  requests: readonly RefundRequest[],
  payments: readonly Payment[],
  disputed: ReadonlySet<string>,
  byHand: ReadonlyMap<string, readonly MadeRefund[]>,
): Judged[] {
  const free = new Map(byHand);
  const taken = new Map(payments.map(({ id, refundedTotal }) => [id, refundedTotal]));
  return requests.map((request) => {
    const { orderId, paymentId, amount } = request;
    const ofOrder = payments
      .filter((payment) => payment.orderId === orderId)
      .map((payment) => ({ ...payment, refundedTotal: taken.get(payment.id)! }));
    const bearing = bearingPayment(ofOrder, amount, paymentId);
    // The payer gets this money through the bank, or has it already.
    if (bearing && disputed.has(bearing.id)) return { request, payment: bearing, failure: 'the payment is disputed' };
    const payment = bearing ?? ofOrder.find(({ id }) => id === paymentId) ?? ofOrder.find(({ paid }) => paid !== null);
    if (!payment) return { request, failure: 'nothing was paid for the order' };
    if (!bearing) {
      const left = payment.paid?.currency === amount.currency ? payment.paid.amount - payment.refundedTotal : 0;
      const { parts, open } = cover(amount.amount - left, free.get(payment.id) ?? []);
      if (open > 0 || payment.paid?.currency !== amount.currency || disputed.has(payment.id))
        return { request, payment, failure: TOO_LITTLE };
      free.set(payment.id, without(free.get(payment.id) ?? [], parts));
      taken.set(payment.id, payment.refundedTotal + left);
      return { request, payment, parts };
    }
    taken.set(payment.id, bearing.refundedTotal + amount.amount);
    return { request, payment };
  });
}

const toNewRefund = ({ request, payment, failure, parts }: Extract<Judged, { payment: Payment }>): NewRefund => {
  const { refundId: id, amount, origin, reason, correlationId } = request;
  return { id, payment, amount, origin, reason, correlationId, failure, parts };
};
