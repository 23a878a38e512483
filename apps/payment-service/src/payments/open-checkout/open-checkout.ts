import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import {
  ProviderAway,
  ProviderRefused,
  ProviderUnavailable,
  StripeGateway,
  UnpayableAmount,
} from '../../stripe/stripe.module.js';
import { isActive } from '../payment.js';
import { PaymentProgress } from '../payment-progress.js';
import type { Payment } from '../payment-row.js';
import { NewPayments } from './new-payments.js';
import { gone, PendingOrders } from './pending-orders.js';
import { UnavailableNotice } from './unavailable-notice.js';

/** Resolves to the address of the provider's page. */
export class OpenCheckoutCommand extends Command<string> {
  constructor(readonly orderId: string) {
    super();
  }
}

/**
 * Opens an order's one checkout session, or finds it open. The payment is stored before the provider is asked, with the
 * key and the parameters of the question: whatever happens to the answer, the next visit asks the same again.
 */
@CommandHandler(OpenCheckoutCommand)
export class OpenCheckoutHandler implements ICommandHandler<OpenCheckoutCommand> {
  private readonly log = new Logger('OpenCheckout');
  /** Visits of the same order at the same moment wait for one another. Between replicas the provider's key does. */
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PendingOrders) private readonly pending: PendingOrders,
    @Inject(PaymentProgress) private readonly progress: PaymentProgress,
    @Inject(NewPayments) private readonly newPayments: NewPayments,
    @Inject(UnavailableNotice) private readonly notice: UnavailableNotice,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
  ) {}

  /** @throws ProblemError `not-found`, `gone` when the order is not to be paid any more, `service-unavailable`. */
  execute({ orderId }: OpenCheckoutCommand): Promise<string> {
    const underWay = this.underWay.get(orderId);
    if (underWay) return underWay;
    const opening = this.open(orderId).finally(() => this.underWay.delete(orderId));
    this.underWay.set(orderId, opening);
    return opening;
  }

  private async open(orderId: string): Promise<string> {
    const tenantId = await this.pending.tenantOf(orderId);
    try {
      return await this.pageOf(tenantId, orderId);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      if (error instanceof ProviderAway) await this.notice.tell(tenantId, orderId);
      throw new ProblemError(
        'service-unavailable',
        'The payment provider does not answer. Your tickets stay held; try again in a moment.',
      );
    }
  }

  private async pageOf(tenantId: string, orderId: string): Promise<string> {
    const { payment, isNew } = await this.activePayment(tenantId, orderId);
    const url = payment.sessionUrl ?? (await this.askProvider(payment));
    if (url) return url;
    // Refused. An old question may only have been too old; a new one is refused for what it asks.
    const second = isNew ? null : await this.askProvider((await this.activePayment(tenantId, orderId)).payment);
    if (second) return second;
    throw new ProblemError('service-unavailable', 'The payment provider does not take this payment.');
  }

  private activePayment(tenantId: string, orderId: string): Promise<{ payment: Payment; isNew: boolean }> {
    return this.database.asTenant(tenantId, async () => {
      const { order, payments } = await this.pending.lock(orderId);
      const active = payments.find(({ status }) => isActive(status));
      return active ? { payment: active, isNew: false } : { payment: await this.newPayment(order), isNew: true };
    });
  }

  private newPayment(order: Parameters<NewPayments['add']>[0]): Promise<Payment> {
    // Nothing is stored that cannot be asked: the question names the hold's end, which an outage puts off.
    if (this.stripe.room(1) === 0) throw new ProviderAway('The payment provider is not asked at the moment');
    return this.newPayments.add(order).catch((error: unknown) => {
      if (!(error instanceof UnpayableAmount)) throw error;
      this.log.error('A price cannot be charged', { orderId: order.orderId }, error);
      throw new ProblemError('service-unavailable', 'The payment provider does not take this price.');
    });
  }

  /** The session's address, or null when the provider refused it. No transaction is open while it is asked. */
  private async askProvider({ id, tenantId, parameters, idempotencyKey }: Payment): Promise<string | null> {
    try {
      const session = await this.stripe.createSession(parameters, idempotencyKey);
      const payment = await this.database.asTenant(tenantId, () =>
        this.progress.apply(id, { fact: 'opened' }, session),
      );
      if (!isActive(payment.status)) throw gone();
      return session.url;
    } catch (error) {
      if (error instanceof ProviderUnavailable)
        this.log.warn('The payment provider does not answer', { paymentId: id }, error);
      if (!(error instanceof ProviderRefused)) throw error;
      this.log.error('The payment provider refuses the session', { paymentId: id }, error);
      await this.database.asTenant(tenantId, () => this.progress.apply(id, { fact: 'refused' }));
      return null;
    }
  }
}
