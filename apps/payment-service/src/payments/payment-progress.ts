import { Inject, Injectable, Logger } from '@nestjs/common';
import { paymentExpired, paymentFailed, paymentOpened, paymentSucceeded } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Metrics } from '@app/observability';
import { Database } from '@app/persistence';
import { Ledger } from '../ledger/ledger.module.js';
import type { CheckoutSession } from '../stripe/stripe.module.js';
import { advance, type PaymentFact, type PaymentReport } from './payment.js';
import type { Payment } from './payment-row.js';
import { PaymentStore } from './payment.store.js';

const unpaid = { opened: paymentOpened, failed: paymentFailed, expired: paymentExpired };

/** The one way in which a payment moves on: state, books and message in the open transaction of its tenant. */
@Injectable()
export class PaymentProgress {
  private readonly log = new Logger(PaymentProgress.name);
  private readonly reviews;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.reviews = metrics.counter(
      'payments_in_review_total',
      'Payments whose money is not what was owed, or stands on another payment',
    );
  }

  /** Applies what is known of a payment's session; says nothing twice. @returns the payment as it is now. */
  async apply(paymentId: string, fact: PaymentFact, session?: CheckoutSession): Promise<Payment> {
    const payment = await this.payments.lock(paymentId);
    const isElsewhere = session !== undefined && (await this.payments.standsElsewhere(paymentId, session));
    const step = advance(payment, isElsewhere && fact.fact === 'paid' ? { fact: 'paid-elsewhere' } : fact);
    if (!step) return payment;
    // Money that another payment bears is in the books already.
    const paid = fact.fact === 'paid' && !isElsewhere ? fact.amount : undefined;
    await this.payments.save(paymentId, step.status, isElsewhere ? undefined : session, paid);
    const moved = { ...payment, status: step.status, paid: paid ?? payment.paid };
    if (paid) await this.ledger.paid({ ...moved, paymentId, amount: paid }, step.status === 'review');
    if (step.status === 'review') this.alert(moved, session);
    if (step.report) await this.report(moved, step.report);
    return moved;
  }

  private async report(payment: Payment, report: PaymentReport): Promise<void> {
    const { tenantId, correlationId, orderId, id: paymentId } = payment;
    const message = { tenantId, correlationId };
    if (report === 'succeeded')
      await this.outbox.add(paymentSucceeded, { ...message, data: { orderId, paymentId, amount: payment.owed } });
    else await this.outbox.add(unpaid[report], { ...message, data: { orderId, paymentId } });
  }

  private alert({ id: paymentId, orderId, owed, paid }: Payment, session: CheckoutSession | undefined): void {
    this.database.current().afterCommit(() => {
      this.reviews.inc();
      this.log.error('Money came that is not what was owed, or that another payment bears; a person has to decide', {
        paymentId,
        orderId,
        owed,
        paid,
        session: session?.id,
        paymentIntent: session?.paymentIntent,
      });
    });
  }
}
