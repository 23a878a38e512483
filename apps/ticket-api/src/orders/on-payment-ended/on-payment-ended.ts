import { Controller } from '@nestjs/common';
import { paymentExpired, paymentFailed, type EndReason } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';

type Ended = Messages<typeof paymentFailed | typeof paymentExpired>;

/** Payments ended without money: the stock is back at once. An order that has moved on absorbs it. */
@Controller()
export class OnPaymentEnded {
  constructor(
    private readonly orders: OrderStore,
    private readonly ending: EndOrder,
    private readonly steps: OrderStepStore,
  ) {}

  @OnMessages(paymentFailed)
  async failed(messages: Ended): Promise<void> {
    await this.steps.hear('payment-failed', messages);
    await this.end(messages, () => 'payment-failed');
  }

  /** A session is closed by payment-service at the end of the hold, or by Stripe before it. */
  @OnMessages(paymentExpired)
  async expired(messages: Ended): Promise<void> {
    await this.steps.hear('payment-expired', messages);
    await this.end(messages, ({ holdEnded }) => (holdEnded ? 'hold-expired' : 'payment-expired'));
  }

  private async end(messages: Ended, reasonOf: (order: { holdEnded: boolean }) => EndReason): Promise<void> {
    const causes = new Map(messages.map((message) => [message.data.orderId, message]));
    const orders = await this.orders.lockAll([...causes.keys()]);
    const holds = orders.filter(({ status }) => status === 'pending');
    await this.ending.letGoAll(
      holds.map((order) => ({ ...idsOf(causes.get(order.id)), order, reason: reasonOf(order) })),
      'expired',
    );
  }
}

const idsOf = (message: Ended[number] | undefined) => ({
  correlationId: message?.correlationId,
  traceparent: message?.traceparent,
});
