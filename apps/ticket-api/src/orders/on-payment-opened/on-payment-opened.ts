import { Controller } from '@nestjs/common';
import { paymentOpened } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';

@Controller()
export class OnPaymentOpened {
  constructor(
    private readonly orders: OrderStore,
    private readonly steps: OrderStepStore,
  ) {}

  @OnMessages(paymentOpened)
  async handle(messages: Messages<typeof paymentOpened>): Promise<void> {
    await this.orders.paymentsOpened(messages.map(({ data }) => data.orderId));
    await this.steps.hear('checkout-opened', messages);
  }
}
