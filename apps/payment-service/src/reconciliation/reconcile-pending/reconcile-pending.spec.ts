import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { ReconcilePending } from './reconcile-pending.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'hold';
});

const statusOf = async (order: Order) => (await platform.payments(order.orderId)).map(({ status }) => status);
const outcomes = (order: Order) =>
  platform.ticketApi.heardOf(order.orderId).flatMap(({ type }) => (type === 'payment.opened.v1' ? [] : [type]));
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));
const wake = () => platform.service.app.get(ReconcilePending).wake();
/** Nothing was heard of it for five minutes, by the database's clock. */
async function fallSilent(...orders: Order[]): Promise<void> {
  const silent = `update payments set created_at = now() - interval '301 seconds', asked_at = null where order_id = any($1)`;
  await platform.database.asOwner(silent, [orders.map(({ orderId }) => orderId)]);
  wake();
}
const asked = async (order: Order) => {
  const [payment] = await platform.payments(order.orderId);
  return platform.stripeApi.to('GET', `/v1/checkout/sessions/${payment!.session_id}`).length;
};

describe('hard case 32: a webhook that is lost for ever', () => {
  it.each([
    ['pay', 'succeeded', 'payment.succeeded.v1'],
    ['expire', 'expired', 'payment.expired.v1'],
    ['fail', 'failed', 'payment.failed.v1'],
  ] as const)(
    'of a session that ended with %s does not matter: it is %s all the same',
    async (button, status, told) => {
      const order = platform.order();
      await platform.simulator.press(await platform.checkout(order.orderId), button);
      await fallSilent(order);
      await eventually(() => expect(outcomes(order)).toEqual([told]));
      expect(await statusOf(order)).toEqual([status]);
    },
  );

  it('and comes after all changes nothing', async () => {
    const order = platform.order();
    await platform.simulator.press(await platform.checkout(order.orderId), 'pay');
    await fallSilent(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
    const late = await eventually(() => {
      const all = platform.webhooks.seen.filter(({ body }) => body.toString().includes(order.orderId));
      const found = all.find(({ body }) => body.toString().includes('checkout.session.completed'));
      if (!found) throw new Error('not sent yet');
      return found;
    });
    expect((await platform.webhooks.send(late)).status).toBe(200);
    await settle();
    expect(outcomes(order)).toEqual(['payment.succeeded.v1']);
    const books = await platform.database.asOwner('select from ledger_transfers where order_id = $1', [order.orderId]);
    expect(books).toHaveLength(1);
  });
});

describe('a session', () => {
  it('that nobody has paid yet stays open, and is not asked for again at once', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    await fallSilent(order);
    await eventually(async () => expect(await asked(order)).toBe(1));
    wake();
    await settle();
    expect(await asked(order)).toBe(1);
    expect(await statusOf(order)).toEqual(['open']);
  });

  it('that is young is not asked for', async () => {
    const [young, old] = [platform.order(), platform.order()];
    await platform.checkout(young.orderId);
    await platform.checkout(old.orderId);
    await fallSilent(old);
    await eventually(async () => expect(await asked(old)).toBe(1));
    expect(await asked(young)).toBe(0);
  });

  it('is asked for by one of two replicas', async () => {
    const orders = Array.from({ length: 12 }, () => platform.order());
    for (const { orderId } of orders) await platform.checkout(orderId);
    const first = platform.service;
    await platform.openService();
    try {
      await fallSilent(...orders);
      first.app.get(ReconcilePending).wake();
      await eventually(async () => expect(await Promise.all(orders.map(asked))).toEqual(orders.map(() => 1)));
      await settle();
      expect(await Promise.all(orders.map(asked))).toEqual(orders.map(() => 1));
    } finally {
      await first.close();
    }
  });
});

describe('while the provider is away', () => {
  it('nothing is decided, and the session is asked for later', async () => {
    const order = platform.order();
    await platform.simulator.press(await platform.checkout(order.orderId), 'pay');
    platform.stripeApi.traffic = () => 'away';
    const before = platform.stripeApi.seen.length;
    await fallSilent(order);
    await eventually(() => expect(platform.stripeApi.seen.length).toBeGreaterThan(before));
    await settle();
    expect(await statusOf(order)).toEqual(['open']);
    await platform.providerAnswers();
    await fallSilent(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
  });
});
