import { Controller, Logger } from '@nestjs/common';
import { isErasedAddress, orderUnfulfillable, paymentSucceeded } from '@app/contracts';
import { OnMessages, Outbox, type Messages } from '@app/messaging';
import { v7 as uuid } from 'uuid';
import { ConfirmOrder, type BuyingPayment } from '../confirm-order/confirm-order.js';
import { EndOrder } from '../end-order/end-order.js';
import { receivePayment, type PaymentEffect } from '../order.js';
import type { OrderRow } from '../order-row.js';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';
import { RefundStore } from '../refund.store.js';
import { StockStore, unitsOf } from '../stock.store.js';

type Payments = Messages<typeof paymentSucceeded>;
type Payment = Payments[number];

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
    private readonly steps: OrderStepStore,
    private readonly outbox: Outbox,
  ) {}

  /** Those that buy a hold are confirmed together; then the others are seen to, one after the other. */
  @OnMessages(paymentSucceeded)
  async handle(payments: Payments): Promise<void> {
    const orders = new Map<string, OrderRow>();
    for (const order of await this.orders.lockAll(payments.map(({ data }) => data.orderId)))
      orders.set(order.id, order);
    const buying = new Map<string, BuyingPayment>();
    const others: Payment[] = [];
    for (const payment of payments) {
      const order = orders.get(payment.data.orderId);
      if (!order) throw new Error(`The order ${payment.data.orderId} that was paid is not known here.`);
      const { effect } = effectOf(order, payment);
      if (effect === 'confirm' && !buying.has(order.id)) buying.set(order.id, buyingPayment(payment));
      else if (effect !== 'absorb') others.push(payment);
    }
    await this.steps.hear('payment-succeeded', payments);
    await this.confirming.confirmAll(
      [...orders.values()].filter(({ id }) => buying.has(id)),
      'paid',
      buying,
    );
    await this.seeToOthers(others, orders);
    await this.giveBackWhatIsPaidBack(payments);
  }

  /** Somebody gave a payment back at the provider, and that was heard of before the payment was. */
  private async giveBackWhatIsPaidBack(payments: Payments): Promise<void> {
    const paidBack = await this.refunds.adoptProviderRefunds(payments.map(({ data }) => data.paymentId));
    for (const { orderId, refundId } of paidBack) {
      const order = await this.orders.lock(orderId);
      if (order?.status === 'confirmed') await this.ending.paidBack(order, refundId);
    }
  }

  private async seeToOthers(payments: readonly Payment[], orders: ReadonlyMap<string, OrderRow>): Promise<void> {
    if (payments.length === 0) return;
    const events = new Set(payments.map(({ data }) => orders.get(data.orderId)!.event.id));
    await this.stock.lockCountersOf([...events]);
    for (const payment of payments) {
      const order = await this.orders.lock(payment.data.orderId);
      if (order) await this.seeTo(order, payment);
    }
  }

  private async seeTo(order: OrderRow, payment: Payment): Promise<void> {
    const decision = effectOf(order, payment);
    switch (decision.effect) {
      case 'absorb':
        return;
      case 'confirm':
        return this.confirming.confirm(order, 'paid', buyingPayment(payment));
      case 'retake':
        return this.retake(order, payment);
      case 'unfulfillable':
        // The event is cancelled and the sweep has not come to this hold yet.
        if (order.status === 'pending' && decision.reason === 'event-cancelled')
          await this.ending.letGoAll([{ ...idsOf(payment), order, reason: 'event-cancelled' }], 'cancelled');
        return this.payBack(order, payment, decision.reason);
    }
  }

  /** Hard cases 5 and 6: the hold had ended; its stock is taken again if it is still there, never more than there is. */
  private async retake(order: OrderRow, payment: Payment): Promise<void> {
    if (await this.stock.takeIfFree(order.event.id, unitsOf(order.items)))
      await this.confirming.confirm(order, 'paid', buyingPayment(payment));
    else await this.payBack(order, payment, 'sold-out');
  }

  /** All that has not been given back at the provider before. */
  private async payBack(order: OrderRow, payment: Payment, reason: string): Promise<void> {
    const { paymentId, amount: paid } = payment.data;
    const left = Math.max(0, paid.amount - (await this.refunds.givenBackByProvider(paymentId)));
    const amount = { ...paid, amount: left };
    const refundId = uuid();
    const refund = {
      id: refundId,
      tenantId: order.tenantId,
      orderId: order.id,
      paymentId,
      amount: amount.amount,
      reason,
      status: left > 0 ? ('pending' as const) : ('succeeded' as const),
    };
    if (!(await this.refunds.add(refund)) || left === 0) return;
    this.log.warn(`Payment ${paymentId} of order ${order.id} goes back: ${reason}`);
    await this.outbox.add(orderUnfulfillable, {
      ...idsOf(payment),
      tenantId: order.tenantId,
      data: { orderId: order.id, refundId, paymentId, amount, reason, event: order.event, buyer: order.buyer },
    });
  }
}

const effectOf = (order: OrderRow, { data }: Payment): PaymentEffect =>
  receivePayment(
    order,
    data,
    { cancelled: order.event.status === 'cancelled' },
    { isErased: isErasedAddress(order.buyer.email) },
  );

/** What follows from the payment's message bears these. */
const idsOf = ({ correlationId, traceparent }: Payment) => ({ correlationId, traceparent });

const buyingPayment = (payment: Payment): BuyingPayment => ({ paymentId: payment.data.paymentId, ...idsOf(payment) });
