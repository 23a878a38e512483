import { Controller, Logger } from '@nestjs/common';
import { orderUnfulfillable, paymentSucceeded, type DataOf } from '@app/contracts';
import { OnMessage, Outbox } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import { ConfirmOrder } from '../confirm-order/confirm-order.js';
import { EndOrder } from '../end-order/end-order.js';
import { receivePayment } from '../order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { RefundStore } from '../refund.store.js';
import { StockStore, unitsOf } from '../stock.store.js';

type Payment = DataOf<typeof paymentSucceeded>;

/** Money has arrived: tickets, or the late-payment ladder, or the money back. Nobody pays for nothing. */
@Controller()
export class OnPaymentSucceeded {
  private readonly log = new Logger('Payment');

  constructor(
    private readonly orders: OrderStore,
    private readonly refunds: RefundStore,
    private readonly stock: StockStore,
    private readonly confirming: ConfirmOrder,
    private readonly ending: EndOrder,
    private readonly outbox: Outbox,
  ) {}

  @OnMessage(paymentSucceeded)
  async handle(payment: Payment): Promise<void> {
    const order = await this.orders.lock(payment.orderId);
    if (!order) throw new Error(`The order ${payment.orderId} that was paid is not known here.`);
    const decision = receivePayment(order, payment, { cancelled: order.event.status === 'cancelled' });
    switch (decision.effect) {
      case 'absorb':
        return;
      case 'confirm':
        return this.confirming.confirm(order, 'paid', payment.paymentId);
      case 'retake':
        return this.retake(order, payment);
      case 'unfulfillable':
        // The event is cancelled and the sweep has not come to this hold yet.
        if (order.status === 'pending' && decision.reason === 'event-cancelled')
          await this.ending.letGo(order, { status: 'cancelled', reason: 'event-cancelled' });
        return this.payBack(order, payment, decision.reason);
    }
  }

  /** Hard cases 5 and 6: the hold had ended; its stock is taken again if it is still there, never more than there is. */
  private async retake(order: OrderRow, payment: Payment): Promise<void> {
    if (await this.stock.takeIfFree(order.event.id, unitsOf(order.items)))
      await this.confirming.confirm(order, 'paid', payment.paymentId);
    else await this.payBack(order, payment, 'sold-out');
  }

  private async payBack(order: OrderRow, { paymentId, amount }: Payment, reason: string): Promise<void> {
    const refundId = uuid();
    const refund = {
      id: refundId,
      tenantId: order.tenantId,
      orderId: order.id,
      paymentId,
      amount: amount.amount,
      reason,
      status: 'pending' as const,
    };
    if (!(await this.refunds.add(refund))) return;
    this.log.warn(`Payment ${paymentId} of order ${order.id} goes back in full: ${reason}`);
    await this.outbox.add(orderUnfulfillable, {
      tenantId: order.tenantId,
      data: { orderId: order.id, refundId, paymentId, amount, reason, event: order.event, buyer: order.buyer },
    });
  }
}
