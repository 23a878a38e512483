import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentRefunded, paymentRefundFailed, paymentRefundTakenUp, type DataOf } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Metrics } from '@app/observability';
import { Database } from '@app/persistence';
import { Ledger } from '../ledger/ledger.module.js';
import type { StaffMember } from '../organizers/organizers.module.js';
import { PaymentStore, type Payment } from '../payments/payments.module.js';
import type { ProviderRefund } from '../stripe/stripe.module.js';
import { advanceRefund, type RefundStep } from './refund.js';
import { MadeByHandStore } from './made-by-hand.store.js';
import { asideFor, restOf, type Refund } from './refund-row.js';
import { RefundStore } from './refund.store.js';
import { cover, sumOf, type Settlement } from './settlement.js';

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
    @Inject(MadeByHandStore) private readonly byHand: MadeByHandStore,
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
   * @returns false when less than that is left of what was paid; the transaction is not to be committed then
   */
  async retry(refund: Refund, payment: Payment, by: StaffMember): Promise<boolean> {
    await this.refunds.retry(refund.id, by);
    if (!(await this.fit(refund, payment))) return false;
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
    const covered = refund.covered + sumOf(settlement.parts);
    const rest = { amount: refund.amount.amount - covered, currency };
    if (rest.amount > 0 && !(await this.payments.reserveRefund(refund.paymentId, rest))) return false;
    await this.refunds.settle(refund.id, by, settlement);
    const entry = { ...refund, amount: rest, refundId: refund.id, round: refund.round + 1 };
    await this.ledger.refundSettled(entry, payment.status === 'review');
    const providerRefunds = settlement.parts.map(({ providerRefundId }) => providerRefundId);
    await this.tellTakenUp(refund, { how: 'settled', by, note: settlement.note, providerRefunds });
    await this.tellRefunded(refund, covered);
    return true;
  }

  /**
   * Puts money aside for a pending refund that has none. When less is left, because somebody has given back part of the
   * payment in the provider's dashboard, that part is of this refund; if it is all of it nothing has to move any more.
   * `refund` and its payment are locked. @returns false when that does not explain it
   */
  async fit(refund: Refund, payment: Payment): Promise<boolean> {
    const rest = asideFor(refund);
    if (await this.payments.reserveRefund(payment.id, rest)) return true;
    const { paid, refundedTotal } = await this.payments.lock(payment.id);
    if (paid?.currency !== rest.currency) return false;
    const made = (await this.byHand.freeOf([payment.id])).get(payment.id) ?? [];
    const { parts, open } = cover(rest.amount - (paid.amount - refundedTotal), made);
    if (open > 0) return false;
    const lessened = await this.refunds.lessen(refund.id, parts);
    if (!(await this.payments.reserveRefund(payment.id, asideFor(lessened)))) return false;
    if (restOf(lessened).amount === 0) await this.isMade(lessened);
    return true;
  }

  /** Nothing has to move for it any more. */
  private async isMade(refund: Refund): Promise<void> {
    await this.refunds.save(refund.id, 'succeeded', null);
    await this.tellRefunded(refund, refund.covered);
  }

  private async moveMoney(
    refund: Refund,
    payment: Payment,
    { status, reservation, cameBack }: RefundStep,
  ): Promise<void> {
    if (reservation === 'released') await this.payments.releaseRefund(payment.id, asideFor(refund));
    if (reservation === 'taken-again' && !(await this.payments.reserveRefund(payment.id, asideFor(refund))))
      throw new Error(`Refund ${refund.id} succeeded at the provider, but its money has been given back otherwise.`);
    const entry = { ...refund, amount: restOf(refund), refundId: refund.id };
    const inReview = payment.status === 'review';
    if (status === 'succeeded' || status === 'paid-twice') await this.ledger.refunded(entry, inReview);
    if (cameBack) await this.ledger.refundReturned(entry, inReview);
  }

  private async report(refund: Refund, status: RefundStep['status'], reason: string): Promise<void> {
    if (status === 'failed') await this.reportFailure(refund, reason);
    if (status === 'paid-twice') this.alert(refund);
    if (status === 'succeeded') await this.tellRefunded(refund, refund.covered);
  }

  private async tellRefunded(refund: Refund, coveredAmount: number): Promise<void> {
    const { id: refundId, tenantId, correlationId, orderId, paymentId, amount } = refund;
    const sequence = await this.refunds.nextSequence(refundId);
    const covered = coveredAmount > 0 ? { ...amount, amount: coveredAmount } : undefined;
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
  alert({ id: refundId, orderId, paymentId, amount, note }: Refund): void {
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
