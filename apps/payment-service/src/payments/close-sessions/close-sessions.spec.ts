import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderReserved } from '@app/contracts';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
});

const statusOf = async (order: Order) => (await platform.payments(order.orderId)).map(({ status }) => status);
const notOutcomes = new Set(['payment.opened.v1', 'payment.unavailable.v1']);
const outcomes = (order: Order) =>
  platform.ticketApi.heardOf(order.orderId).flatMap(({ type }) => (notOutcomes.has(type) ? [] : [type]));
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

/** The hold is over by the database's clock. */
const endHold = (order: Order) =>
  platform.database.asOwner('update payments set close_due_at = now() where order_id = $1', [order.orderId]);
const sessionAtProvider = async (order: Order) => {
  const [payment] = await platform.payments(order.orderId);
  return platform.dashboard().checkout.sessions.retrieve(payment!.session_id);
};
async function cancel({ tenantId, orderId, event, buyer }: Order): Promise<void> {
  await platform.ticketApi.send(orderCancelled, tenantId, { orderId, event, buyer, reason: 'buyer' });
}

describe('when the hold ends', () => {
  it('its open session is ended at the provider, and that is told once, also when the webhook says so too', async () => {
    const order = platform.order({ holdSeconds: 2 });
    await platform.checkout(order.orderId);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
    expect((await sessionAtProvider(order)).status).toBe('expired');
    await eventually(() => {
      const hooks = platform.webhooks.seen.filter(({ body }) => body.toString().includes(order.orderId));
      expect(hooks.map(({ body }) => (JSON.parse(body.toString()) as { type: string }).type)).toEqual([
        'checkout.session.expired',
      ]);
    });
    await settle();
    expect(outcomes(order)).toEqual(['payment.expired.v1']);
    expect(await statusOf(order)).toEqual(['expired']);
  });

  it('hard case 7: a session that was paid in the same moment is paid', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'pay');
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
    expect(await statusOf(order)).toEqual(['succeeded']);
  });

  it('a session that has ended at the provider by itself, its webhook lost, is expired', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'expire');
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });

  it('a session that the provider does not know can be paid by nobody, and is expired', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const forgotten = `update payments set session_id = 'cs_test_forgotten' where order_id = $1`;
    await platform.database.asOwner(forgotten, [order.orderId]);
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });

  it('a session that the provider does not show for another reason stays open, and is asked for again', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const [payment] = await platform.payments(order.orderId);
    const asked = () => platform.stripeApi.to('GET', `/v1/checkout/sessions/${payment!.session_id}`).length;
    platform.stripeApi.traffic = ({ path }) => (path.includes(payment!.session_id) ? 400 : 'pass');
    await endHold(order);
    await eventually(() => expect(asked()).toBe(1));
    await settle();
    expect(await statusOf(order)).toEqual(['open']);
    await platform.providerAnswers();
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });

  it('a session that waits for money stays open for it', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'fail');
    await endHold(order);
    await eventually(() => expect(platform.stripeApi.to('GET', '/v1/checkout/sessions/').length).toBeGreaterThan(0));
    await settle();
    expect(await statusOf(order)).toEqual(['open']);
    expect(outcomes(order)).toEqual([]);
  });

  it('a session whose answer was lost is found by asking again, and ended', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'mute';
    expect((await platform.visit(order.orderId)).status).toBe(503);
    await platform.providerAnswers();
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
    expect((await sessionAtProvider(order)).status).toBe('expired');
  });

  it('a session that the provider never made, and never will, is over', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'away';
    await platform.visit(order.orderId);
    await platform.providerAnswers();
    const outdated = `update payments set parameters = jsonb_set(parameters::jsonb, '{expires_at}', '1000')::json where order_id = $1`;
    await platform.database.asOwner(outdated, [order.orderId]);
    await endHold(order);
    await eventually(async () => expect(await statusOf(order)).toEqual(['refused']));
  });

  it('an outage of the provider is waited out', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    platform.stripeApi.traffic = () => 'away';
    const before = platform.stripeApi.seen.length;
    await endHold(order);
    await eventually(() => expect(platform.stripeApi.seen.length).toBeGreaterThan(before));
    await settle();
    expect(await statusOf(order)).toEqual(['open']);
    await platform.providerAnswers();
    await endHold(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });
});

describe('when the order ends', () => {
  it('hard case 14: before its hold, the session ends at once', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    await cancel(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
    expect((await sessionAtProvider(order)).status).toBe('expired');
  });

  it('its end is told as a part of what began with the order', async () => {
    const order = platform.order();
    const { tenantId, ...data } = order;
    await platform.ticketApi.send(orderReserved, tenantId, data, 'the-order-s-request');
    await eventually(async () => {
      const told = await platform.database.asOwner('select from owed_orders where order_id = $1', [order.orderId]);
      expect(told).toHaveLength(1);
    });
    await platform.checkout(order.orderId);
    await cancel(order);
    await eventually(() =>
      expect(platform.ticketApi.heardOf(order.orderId)).toMatchObject([
        { type: 'payment.opened.v1', correlationId: 'the-order-s-request' },
        { type: 'payment.expired.v1', correlationId: 'the-order-s-request' },
      ]),
    );
  });

  it('hard case 14: and was paid meanwhile, the money is told: ticket-api gives it back', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'pay');
    await cancel(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
  });

  it('hard case 42: by an organizer at the desk, nobody can pay online any more', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    const { tenantId, orderId, event, buyer, items, total } = order;
    await platform.ticketApi.send(orderConfirmed, tenantId, {
      orderId,
      event,
      buyer,
      items,
      total,
      how: 'desk',
      ticketIds: [],
    });
    await eventually(async () => expect(await statusOf(order)).toEqual(['expired']));
    await platform.simulator.press(page, 'pay');
    expect((await sessionAtProvider(order)).payment_status).toBe('unpaid');
  });
});

describe('a crash', () => {
  it('between claim and answer leaves the session to the next process', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const claimed = `update payments set close_due_at = now() + interval '1 second', close_attempts = 1 where order_id = $1`;
    await platform.database.asOwner(claimed, [order.orderId]);
    await platform.service.close();
    await platform.openService();
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });
});
