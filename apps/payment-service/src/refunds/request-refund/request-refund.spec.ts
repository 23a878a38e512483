import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RETRY_DELAYS } from '../../testing/broker.js';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';
import { RefundDesk } from '../../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
}, START_LIMIT);
afterAll(() => platform.remove());

/** Longer than all tries of a message that fails. */
const settle = () =>
  new Promise((resolve) => setTimeout(resolve, 500 + 1000 * RETRY_DELAYS.reduce((sum, delay) => sum + delay)));

describe('a refund that can never be made', () => {
  it('because too little is left is answered once, also when it is asked for again, and no money moves', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    const refundId = await desk.ask(order, 4501);
    const reason = 'too little is left of what was paid';
    const amount = { ...order.total, amount: 4501 };
    const failed = { orderId: order.orderId, paymentId, refundId, amount, reason, sequence: 1 };
    await eventually(() => expect(desk.told(order, 'refund-failed')).toEqual([failed]));
    expect(await desk.refund(refundId)).toMatchObject({ status: 'failed', amount: 4501, failure: reason });

    await desk.ask(order, 4501, refundId);
    await settle();
    expect(desk.told(order, 'refund-failed')).toEqual([failed]);
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
  });

  it('because nothing was paid is answered once, without a payment', async () => {
    const order = platform.order();
    const refundId = await desk.ask(order, 4500);
    await settle();
    const reason = 'nothing was paid for the order';
    const amount = { ...order.total, amount: 4500 };
    expect(desk.told(order, 'refund-failed')).toEqual([
      { orderId: order.orderId, refundId, amount, reason, sequence: 1 },
    ]);
  });

  it('is a matter for a person, who may still make it at the provider', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const first = await desk.ask(order, 9000);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    const refundId = await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId }]));
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/refunds_failed_total\{[^}]*\} [1-9]/);

    const { provider_refund_id: id } = (await desk.refund(first))!;
    await platform.simulator.tell(`/refunds/${id}/fail`, { failureReason: 'lost_or_stolen_card' });
    await eventually(async () => expect(await desk.refund(first)).toMatchObject({ status: 'failed' }));
    const byHand = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 4500 });
    await eventually(async () =>
      expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded', provider_refund_id: byHand.id }),
    );
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
  });
});

describe('the database', () => {
  it('lets nobody give back more than was paid', async () => {
    const { order } = await desk.paidOrder();
    const [payment] = await platform.payments(order.orderId);
    const overdraw = platform.database.asOwner('update payments set refunded_total = 9001 where id = $1', [
      payment!.id,
    ]);
    await expect(overdraw).rejects.toThrow('never_refund_more_than_paid');
  });
});
