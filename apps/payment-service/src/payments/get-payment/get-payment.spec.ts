import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderRefundRequested, type PaymentView } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';
import { viewStatus } from './payment-view.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const nothing = { charged: euros(0), refunded: euros(0), refundPending: euros(0), refunds: [] };

describe('what was charged and given back', () => {
  it('is shown to the buyer at every step', async () => {
    const order = platform.order();
    const view = async () => (await platform.view(order.orderId, order.buyer.id)).body;
    expect(await view()).toEqual({ orderId: order.orderId, status: 'none', ...nothing });

    const page = await platform.checkout(order.orderId);
    expect(await view()).toEqual({ orderId: order.orderId, status: 'open', ...nothing });

    await platform.simulator.press(page, 'pay');
    await eventually(async () => expect(await view()).toMatchObject({ status: 'succeeded', charged: euros(9000) }));

    platform.stripeApi.traffic = () => 'away';
    const { tenantId, orderId, event, buyer } = order;
    const refundId = uuid();
    const data = { orderId, refundId, ticketIds: [uuid()], amount: euros(4500), reason: 'refund', event, buyer };
    await platform.ticketApi.send(orderRefundRequested, tenantId, data);
    await eventually(async () =>
      expect(await view()).toMatchObject({
        status: 'succeeded',
        refunded: euros(0),
        refundPending: euros(4500),
        refunds: [{ id: refundId, amount: euros(4500), status: 'pending' }],
      }),
    );

    await platform.providerAnswers();
    await eventually(async () => {
      await platform.database.asOwner('update refunds set due_at = now() where id = $1', [refundId]);
      expect(await view()).toMatchObject({
        status: 'partially-refunded',
        refunded: euros(4500),
        refundPending: euros(0),
      });
    });
    const [refund] = ((await view()) as unknown as PaymentView).refunds;
    expect(refund?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("of another person's order, or of none, is 404", async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const stranger = uuid();
    expect(await platform.view(order.orderId, stranger)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await platform.view(platform.order().orderId, stranger)).toMatchObject({ status: 404 });
    expect(await platform.view(uuid(), stranger)).toMatchObject({ status: 404 });
  });

  it("is nobody else's business: without a token 401", async () => {
    const answer = await fetch(`${platform.service.url}/api/v1/payments/orders/${uuid()}`);
    expect(answer.status).toBe(401);
  });

  it('of an order that we have not heard of waits for ticket-api', async () => {
    const order = platform.order();
    platform.ticketApi.isAway = true;
    expect(await platform.view(order.orderId, order.buyer.id)).toMatchObject({ status: 503 });
    platform.ticketApi.isAway = false;
  });
});

describe('several payments of one order, taken together', () => {
  it.each([
    ['money in review speaks first', ['review', 'succeeded'], 'review'],
    ['money comes before what may still be paid', ['succeeded', 'open'], 'succeeded'],
    ['what may still be paid comes before how it ended', ['expired', 'opening'], 'open'],
    ['the last end counts', ['expired', 'failed'], 'failed'],
    ['a session that was never made is none', ['refused'], 'none'],
  ] as const)('%s', (_, statuses, shown) => {
    expect(viewStatus({ statuses, charged: 100, refunded: 0 })).toBe(shown);
  });

  it('are refunded when all their money went back', () => {
    expect(viewStatus({ statuses: ['succeeded'], charged: 100, refunded: 100 })).toBe('refunded');
  });
});
