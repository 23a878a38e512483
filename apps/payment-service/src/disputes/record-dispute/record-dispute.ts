import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentDisputeClosed, paymentDisputed } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Metrics } from '@app/observability';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import { Ledger } from '../../ledger/ledger.module.js';
import { PaymentStore, type Payment } from '../../payments/payments.module.js';
import type { ProviderDispute } from '../../stripe/stripe.module.js';
import { advanceDispute, type DisputeStep } from '../dispute.js';
import { DisputeStore } from '../dispute.store.js';

/** Notes what the provider says of a dispute: state, books and message in the open transaction. Says nothing twice. */
@Injectable()
export class RecordDispute {
  private readonly log = new Logger(RecordDispute.name);
  private readonly opened;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(DisputeStore) private readonly disputes: DisputeStore,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.opened = metrics.counter(
      'payments_disputed_total',
      'Payments whose money the payer wants back through the bank',
    );
  }

  /**
   * In the open transaction of the payment's tenant.
   * @returns false when it does not fit yet: the payment is not known to be paid.
   */
  async record(paymentId: string, given: ProviderDispute): Promise<boolean> {
    const payment = await this.payments.lock(paymentId);
    if (!payment.paid) return false;
    const known = await this.disputes.find(given.id);
    const step = advanceDispute(known ?? null, given);
    if (!step) return true;
    const id = known?.id ?? uuid();
    if (known) await this.disputes.save(id, step.state, step.moved.withdrawn ? given.amount : null);
    else await this.disputes.insert({ ...given, ...step.state, id, payment, providerDisputeId: given.id });
    await this.book(id, payment, given, step);
    await this.report(id, payment, given, step);
    return true;
  }

  /** In the currency of the payment; what the bank or the provider charges for a dispute is not part of it. */
  private async book(
    disputeId: string,
    payment: Payment,
    { amount }: ProviderDispute,
    { moved }: DisputeStep,
  ): Promise<void> {
    const entry = { ...payment, paymentId: payment.id, disputeId, amount };
    const inReview = payment.status === 'review';
    if (moved.withdrawn) await this.ledger.disputeWithdrawn(entry, inReview);
    if (moved.reinstated) await this.ledger.disputeReinstated(entry, inReview);
  }

  private async report(
    disputeId: string,
    { id: paymentId, orderId, tenantId, correlationId }: Payment,
    { amount, reason }: ProviderDispute,
    { report }: DisputeStep,
  ): Promise<void> {
    if (!report) return;
    const about = { disputeId, orderId, paymentId };
    const message = { tenantId, correlationId };
    if (report === 'open') await this.outbox.add(paymentDisputed, { ...message, data: { ...about, amount, reason } });
    else await this.outbox.add(paymentDisputeClosed, { ...message, data: { ...about, outcome: report } });
    this.database.current().afterCommit(() => {
      if (report === 'open') this.opened.inc();
      this.log.warn('A payment is disputed', { ...about, status: report, amount, reason });
    });
  }
}
