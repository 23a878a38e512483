import { Controller } from '@nestjs/common';
import { paymentOpened, type DataOf } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { OrderStore } from '../order.store.js';

@Controller()
export class OnPaymentOpened {
  constructor(private readonly orders: OrderStore) {}

  @OnMessage(paymentOpened)
  async handle({ orderId }: DataOf<typeof paymentOpened>): Promise<void> {
    await this.orders.paymentOpened(orderId);
  }
}
