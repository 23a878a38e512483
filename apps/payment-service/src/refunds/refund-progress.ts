import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, paymentRefundFailed, paymentRefundTakenUp, type DataOf, type Money } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Metrics } from '@app/observability';
import { Database } from '@app/persistence';
import { Ledger } from '../ledger/ledger.module.js';
import type { StaffMember } from '../organizers/organizers.module.js';
import { PaymentStore, type Payment } from '../payments/payments.module.js';
import type { ProviderRefund } from '../stripe/stripe.module.js';
import { advanceRefund, type RefundStep } from './refund.js';
import type { Refund } from './refund-row.js';
import { RefundStore } from './refund.store.js';
import type { Settlement } from './settlement.js';

/** What is known of a refund. `id`: the provider's, if the provider has made one. */
export type RefundNews = Pick<ProviderRefund, 'status' | 'failure'> & { id?: string };

type FailedRefund = Pick<Refund, 'id' | 'tenantId' | 'orderId' | 'amount' | 'correlationId'> & { paymentId?: string };

/** The one way in which a refund moves on: state, money put aside, books and message in the open transaction. */
@Injectable()
export class RefundProgress {
  private readonly log = new Logger(RefundProgress.name);
  private readonly failures;
  private readonly paidTwice;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.failures = metrics.counter('refunds_failed_total', 'Refunds that a person has to look at');
    this.paidTwice = metrics.counter(
      'refunds_paid_twice_total',
      'Refunds that the provider made after a person had paid them back otherwise',
    );
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

  /**
   * A person wants a failed refund tried again. `refund` and its payment are locked.
   * @returns false when less than that is left of what was paid
   */
  async retry(refund: Refund, by: StaffMember): Promise<boolean> {
    if (!(await this.payments.reserveRefund(refund.paymentId, refund.amount))) return false;
    await this.refunds.retry(refund.id, by);
    await this.tellTakenUp(refund, { how: 'retried', by });
    return true;
  }

  /**
   * A person has paid a failed refund back otherwise; what refunds in the provider's dashboard are of it has been put aside
   * and booked with them. `refund` and its payment are locked.
   * @returns false when less than the rest is left of what was paid
   */
  async settle(refund: Refund, payment: Payment, by: StaffMember, settlement: Settlement): Promise<boolean> {
    const { currency } = refund.amount;
    const covered = settlement.parts.reduce((sum, { amount }) => sum + amount, 0);
    const rest = { amount: refund.amount.amount - covered, currency };
    if (rest.amount > 0 && !(await this.payments.reserveRefund(refund.paymentId, rest))) return false;
    await this.refunds.settle(refund.id, by, settlement);
    const entry = { ...refund, amount: rest, refundId: refund.id, round: refund.round + 1 };
    await this.ledger.refundSettled(entry, payment.status === 'review');
    const providerRefunds = settlement.parts.map(({ providerRefundId }) => providerRefundId);
    await this.tellTakenUp(refund, { how: 'settled', by, note: settlement.note, providerRefunds });
    await this.tellRefunded(refund, covered > 0 ? { amount: covered, currency } : undefined);
    return true;
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
    if (status === 'succeeded' || status === 'paid-twice') await this.ledger.refunded(entry, inReview);
    if (cameBack) await this.ledger.refundReturned(entry, inReview);
  }

  private async report(refund: Refund, status: RefundStep['status'], reason: string): Promise<void> {
    if (status === 'failed') await this.reportFailure(refund, reason);
    if (status === 'paid-twice') this.alert(refund);
    if (status === 'succeeded') await this.tellRefunded(refund);
  }

  private async tellRefunded(refund: Refund, covered?: Money): Promise<void> {
    const { id: refundId, tenantId, correlationId, orderId, paymentId, amount } = refund;
    const sequence = await this.refunds.nextSequence(refundId);
    const data = { orderId, paymentId, refundId, amount, covered, sequence };
    await this.outbox.add(paymentRefunded, { tenantId, correlationId, data });
  }

  private async tellTakenUp(
    { id: refundId, tenantId, correlationId, orderId, amount }: Refund,
    told: Pick<DataOf<typeof paymentRefundTakenUp>, 'how' | 'by' | 'note' | 'providerRefunds'>,
  ): Promise<void> {
    await this.outbox.add(paymentRefundTakenUp, {
      ...{ tenantId, correlationId },
      data: { orderId, refundId, amount, ...told },
    });
  }

  /** Tells the other services and a person, once the open transaction is committed. */
  async reportFailure(refund: FailedRefund, reason: string): Promise<void> {
    const { id: refundId, tenantId, correlationId, orderId, paymentId, amount } = refund;
    const sequence = await this.refunds.nextSequence(refundId);
    const data = { orderId, paymentId, refundId, amount, reason, sequence };
    await this.outbox.add(paymentRefundFailed, { tenantId, correlationId, data });
    this.database.current().afterCommit(() => {
      this.failures.inc();
      this.log.error('A refund failed; a person has to see to it', data);
    });
  }

  /** The other services know it as paid back already. */
  private alert({ id: refundId, orderId, paymentId, amount, note }: Refund): void {
    this.database.current().afterCommit(() => {
      this.paidTwice.inc();
      this.log.error('The provider made a refund that a person had paid back otherwise; a person has to see to it', {
        refundId,
        orderId,
        paymentId,
        amount,
        note,
      });
    });
  }
}
