import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderRefundRequested, type PaymentView } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '@app/testing';
import { FailedRefunds } from '../../testing/failed-refund.js';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { RefundDesk } from '../../testing/refund-desk.js';
import { viewStatus } from './payment-view.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
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

  it('of an order of which only the end was told, as of one that costs nothing, is what ticket-api knows of it', async () => {
    const order = platform.order();
    const { tenantId, orderId, event, buyer } = order;
    await platform.ticketApi.send(orderCancelled, tenantId, { orderId, event, buyer, reason: 'buyer' });
    await eventually(async () =>
      expect(
        await platform.database.asOwner('select currency from owed_orders where order_id = $1', [orderId]),
      ).toEqual([{ currency: null }]),
    );
    const shown = { orderId, status: 'none', ...nothing };
    expect(await platform.view(orderId, buyer.id)).toMatchObject({ status: 200, body: shown });
    const owner = new FailedRefunds(platform, desk).member(order, 'owner');
    expect(await platform.view(orderId, owner)).toMatchObject({ status: 200, body: { ...shown, disputes: [] } });
    expect(await platform.view(orderId, uuid())).toMatchObject({ status: 404, body: { code: 'not-found' } });
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

describe('an order in the hands of those who look after it', () => {
  const member = (order: Order, role: string) => new FailedRefunds(platform, desk).member(order, role);

  it.each(['owner', 'organizer'])("is shown to an %s with the provider's refunds and disputes", async (role) => {
    const { order, paymentIntent } = await desk.paidOrder();
    const refundId = await desk.ask(order, 4500);
    await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' }));
    const dispute = { object: 'dispute', id: `du_${role}`, amount: 4500, status: 'needs_response' };
    const about = { payment_intent: paymentIntent, reason: 'fraudulent' };
    await platform.deliver(desk.event('charge.dispute.created', { ...dispute, ...about }));
    const { provider_refund_id: providerRefundId } = (await desk.refund(refundId))!;
    const sums = { status: 'partially-refunded', charged: euros(9000), refunded: euros(4500) };
    const { body } = await platform.view(order.orderId, member(order, role));
    expect(body).toMatchObject({
      ...sums,
      refunds: [{ id: refundId, providerRefundId }],
      disputes: [{ providerDisputeId: `du_${role}`, status: 'open', amount: euros(4500), reason: 'fraudulent' }],
    });
    const { body: toBuyer } = await platform.view(order.orderId, order.buyer.id);
    expect(toBuyer).toMatchObject(sums);
    expect(toBuyer).not.toHaveProperty('disputes');
    expect(toBuyer).not.toHaveProperty('refunds.0.providerRefundId');
  });

  it('is shown also before anything was paid', async () => {
    const order = platform.order();
    const owner = member(order, 'owner');
    for (const _ of ['before', 'after'] as const) {
      const shown = { orderId: order.orderId, ...nothing, disputes: [] };
      expect((await platform.view(order.orderId, owner)).body).toMatchObject(shown);
      await platform.checkout(order.orderId);
    }
  });

  it('is not there for a scanner, nor for the owner of another organization', async () => {
    const [order, unheard] = [platform.order(), platform.order()];
    await platform.checkout(order.orderId);
    for (const { orderId, tenantId } of [order, unheard])
      for (const userId of [member({ ...order, tenantId }, 'scanner'), member(platform.order(), 'owner')])
        expect(await platform.view(orderId, userId)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('waits while ticket-api cannot say who may see it', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    platform.ticketApi.isAway = true;
    expect(await platform.view(order.orderId, member(order, 'owner'))).toMatchObject({ status: 503 });
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
