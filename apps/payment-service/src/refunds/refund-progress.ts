import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, paymentRefundFailed } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Metrics } from '@app/observability';
import { Database } from '@app/persistence';
import { Ledger } from '../ledger/ledger.module.js';
import { PaymentStore, type Payment } from '../payments/payments.module.js';
import type { ProviderRefund } from '../stripe/stripe.module.js';
import { advanceRefund, type RefundStep } from './refund.js';
import type { Refund } from './refund-row.js';
import { RefundStore } from './refund.store.js';

/** What is known of a refund. `id`: the provider's, if the provider has made one. */
export type RefundNews = Pick<ProviderRefund, 'status' | 'failure'> & { id?: string };

type FailedRefund = Pick<Refund, 'id' | 'tenantId' | 'orderId' | 'amount' | 'correlationId'> & { paymentId?: string };

/** The one way in which a refund moves on: state, money put aside, books and message in the open transaction. */
@Injectable()
export class RefundProgress {
  private readonly log = new Logger(RefundProgress.name);
  private readonly failures;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.failures = metrics.counter('refunds_failed_total', 'Refunds that a person has to look at');
  }

  /** `refund` and its payment are locked. Says nothing twice. */
  async apply(refund: Refund, payment: Payment, news: RefundNews): Promise<void> {
    const step = advanceRefund(
      { status: refund.status, isKnownToProvider: refund.providerRefundId !== null },
      news.status,
    );
    if (news.id) await this.refunds.noteProviderId(refund.id, news.id);
    if (!step) return;
    await this.refunds.save(refund.id, step.status, step.status === 'failed' ? (news.failure ?? 'unknown') : null);
    await this.moveMoney(refund, payment, step);
    await this.report(refund, step.status, news.failure ?? 'unknown');
  }

  private async moveMoney(
    refund: Refund,
    payment: Payment,
    { status, reservation, cameBack }: RefundStep,
  ): Promise<void> {
    if (reservation === 'released') await this.payments.releaseRefund(payment.id, refund.amount);
    if (reservation === 'taken-again' && !(await this.payments.reserveRefund(payment.id, refund.amount)))
      throw new Error(`Refund ${refund.id} succeeded at the provider, but its money has been given back otherwise.`);
    const entry = { ...refund, refundId: refund.id };
    const inReview = payment.status === 'review';
    if (status === 'succeeded') await this.ledger.refunded(entry, inReview);
    if (cameBack) await this.ledger.refundReturned(entry, inReview);
  }

  private async report(refund: Refund, status: string, reason: string): Promise<void> {
    const { id: refundId, tenantId, correlationId, orderId, paymentId, amount } = refund;
    if (status === 'failed') return this.reportFailure(refund, reason);
    await this.outbox.add(paymentRefunded, {
      tenantId,
      correlationId,
      data: { orderId, paymentId, refundId, amount },
    });
  }

  /** Tells the other services and a person, once the open transaction is committed. */
  async reportFailure(refund: FailedRefund, reason: string): Promise<void> {
    const { id: refundId, tenantId, correlationId, orderId, paymentId, amount } = refund;
    const data = { orderId, paymentId, refundId, amount, reason };
    await this.outbox.add(paymentRefundFailed, { tenantId, correlationId, data });
    this.database.current().afterCommit(() => {
      this.failures.inc();
      this.log.error('A refund failed; a person has to see to it', data);
    });
  }
}
