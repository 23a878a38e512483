import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { RETRY_DELAYS } from '../../testing/broker.js';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { RefundDesk } from '../../testing/refund-desk.js';
import { RequestRefund, type RefundRequest } from './request-refund.js';

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

describe('refunds that are asked for at the same moment', () => {
  const request = ({ tenantId, orderId, total }: Order, amount: number, refundId: string = uuid()): RefundRequest => ({
    ...{ refundId, tenantId, orderId, amount: { ...total, amount }, reason: 'refund' },
    ...{ correlationId: `request of ${refundId}`, origin: 'tickets-returned' },
  });
  const askAll = (tenantId: string, requests: RefundRequest[]) =>
    platform.database.database.asTenant(tenantId, () =>
      platform.service.app.get(RequestRefund, { strict: false }).requestAll(requests),
    );

  it('are booked together, each once; one that can never be made fails alone', async () => {
    const { order } = await desk.paidOrder();
    const { tenantId } = order;
    const other = (await desk.paidOrder({ tenantId })).order;
    const nobodyPaid = platform.order({ tenantId });
    const [twice, further, tooMuch, third] = [
      ...[request(order, 4500), request(order, 4500), request(order, 1)],
      request(other, 9000),
    ] as const;
    await askAll(tenantId, [twice, request(nobodyPaid, 100), further, twice, tooMuch, third, request(order, 0)]);
    const correlated = await platform.database.asOwner<{ correlation_id: string }>(
      'select correlation_id from refunds where id = $1',
      [third.refundId],
    );
    expect(correlated).toEqual([{ correlation_id: third.correlationId }]);
    await eventually(async () => {
      for (const { refundId } of [twice, further, third])
        expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' });
    });
    expect(await desk.refund(tooMuch.refundId)).toMatchObject({ failure: 'too little is left of what was paid' });
    await eventually(() => expect(desk.told(nobodyPaid, 'refund-failed')).toHaveLength(1));
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(3));
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    expect(await platform.payments(other.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    await askAll(tenantId, [twice, third]);
    expect(await desk.refundsOf(order)).toHaveLength(3);
  });

  it('and of which one breaks a constraint are booked but for that one', async () => {
    // An id that another organization has, where nobody sees it from here.
    const taken = await desk.ask((await desk.paidOrder()).order, 100);
    await eventually(async () => expect(await desk.refund(taken)).toBeDefined());
    const { order } = await desk.paidOrder();
    const good = [uuid(), uuid(), uuid()];
    const ids = [good[0], good[1], taken, good[2]];
    await expect(
      askAll(
        order.tenantId,
        ids.map((id) => request(order, 1000, id)),
      ),
    ).rejects.toThrow('refunds_id_key');
    await Promise.all(ids.map((id) => desk.ask(order, 1000, id)));
    await eventually(async () => {
      for (const refundId of good) expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' });
    });
    expect(await desk.refundsOf(order)).toHaveLength(3);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 3000 }]);
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
