import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { ProviderRefused, ProviderUnavailable, StripeGateway, UnpayableAmount } from '../../stripe/stripe.module.js';
import { isActive, settles } from '../payment.js';
import { PaymentProgress } from '../payment-progress.js';
import type { Payment } from '../payment-row.js';
import { PaymentStore } from '../payment.store.js';
import { OwedOrderStore } from '../owed-order.store.js';
import { NewPayments } from './new-payments.js';
import { PayableOrders } from './payable-orders.js';

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
    @Inject(PayableOrders) private readonly payable: PayableOrders,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(PaymentProgress) private readonly progress: PaymentProgress,
    @Inject(NewPayments) private readonly newPayments: NewPayments,
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
    const tenantId = await this.stillPending(orderId);
    const { payment, isNew } = await this.activePayment(tenantId, orderId);
    const url = payment.sessionUrl ?? (await this.askProvider(payment));
    if (url) return url;
    // Refused. An old question may only have been too old; a new one is refused for what it asks.
    const second = isNew ? null : await this.askProvider((await this.activePayment(tenantId, orderId)).payment);
    if (second) return second;
    throw new ProblemError('service-unavailable', 'The payment provider does not take this payment.');
  }

  /** The order's tenant, if it is still to be paid. Ticket-api decides; while it is away, what it has told us does. */
  private async stillPending(orderId: string): Promise<string> {
    const answer = await this.payable.find(orderId);
    if (answer === 'unknown') throw notFound('The order');
    if (answer === 'unreachable') {
      const tenantId = await this.orders.locate(orderId);
      if (!tenantId) throw new ProblemError('service-unavailable', 'The order cannot be looked up right now.');
      return tenantId;
    }
    if (answer.status !== 'pending') throw gone();
    await this.database.asTenant(answer.tenantId, () => this.orders.record(answer.tenantId, answer.order));
    return answer.tenantId;
  }

  private activePayment(tenantId: string, orderId: string): Promise<{ payment: Payment; isNew: boolean }> {
    return this.database.asTenant(tenantId, async () => {
      const order = await this.orders.lock(orderId);
      if (!order || order.isOver) throw gone();
      const payments = await this.payments.lockOfOrder(orderId);
      if (payments.some(({ status }) => settles(status))) throw gone();
      const active = payments.find(({ status }) => isActive(status));
      return active ? { payment: active, isNew: false } : { payment: await this.newPayment(order), isNew: true };
    });
  }

  private newPayment(order: Parameters<NewPayments['add']>[0]): Promise<Payment> {
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
      if (error instanceof ProviderUnavailable) {
        this.log.warn('The payment provider does not answer', { paymentId: id }, error);
        throw new ProblemError(
          'service-unavailable',
          'The payment provider does not answer. Your tickets stay held; try again in a moment.',
        );
      }
      if (!(error instanceof ProviderRefused)) throw error;
      this.log.error('The payment provider refuses the session', { paymentId: id }, error);
      await this.database.asTenant(tenantId, () => this.progress.apply(id, { fact: 'refused' }));
      return null;
    }
  }
}

const gone = () => new ProblemError('gone', 'This order is not to be paid any more.');
