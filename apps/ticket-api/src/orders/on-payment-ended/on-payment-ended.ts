import { Controller } from '@nestjs/common';
import { paymentExpired, paymentFailed, type DataOf, type EndReason } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { EndOrder } from '../end-order/end-order.js';
import { OrderStore } from '../order.store.js';

/** The payment ended without money: the stock is back at once. An order that has moved on absorbs it. */
@Controller()
export class OnPaymentEnded {
  constructor(
    private readonly orders: OrderStore,
    private readonly ending: EndOrder,
  ) {}

  @OnMessage(paymentFailed)
  failed({ orderId }: DataOf<typeof paymentFailed>): Promise<void> {
    return this.end(orderId, 'payment-failed');
  }

  /** The session is closed by payment-service at the end of the hold, or by Stripe before it. */
  @OnMessage(paymentExpired)
  expired({ orderId }: DataOf<typeof paymentExpired>): Promise<void> {
    return this.end(orderId, 'payment-expired');
  }

  private async end(orderId: string, reason: EndReason): Promise<void> {
    const order = await this.orders.lock(orderId);
    if (order?.status !== 'pending') return;
    await this.ending.letGo(order, {
      status: 'expired',
      reason: reason === 'payment-expired' && order.holdEnded ? 'hold-expired' : reason,
    });
  }
}
