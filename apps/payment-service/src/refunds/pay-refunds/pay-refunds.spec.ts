import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderUnfulfillable } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';
import { onProviderBalance, RefundDesk } from '../../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('a refund', () => {
  it('moves the money to the cent, is told, and is in the books', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    const refundId = await desk.ask(order, 4500);
    const amount = { amount: 4500, currency: 'EUR' };
    const moved = { orderId: order.orderId, paymentId, refundId, amount, sequence: 1 };
    await eventually(() => expect(desk.told(order, 'refunded')).toEqual([moved]));
    expect(await desk.atProvider(paymentIntent)).toMatchObject([
      { amount: 4500, metadata: { refund_id: refundId, payment_id: paymentId } },
    ]);
    expect(await desk.transfersOf(order)).toMatchObject([
      { what: 'payment', debit_account: 'provider-balance', credit_account: 'organization-payable', amount: 9000 },
      { what: 'refund', debit_account: 'organization-payable', credit_account: 'provider-balance', amount: 4500 },
    ]);
    await settle();
    expect(desk.told(order, 'refunded')).toEqual([moved]);
  });

  it.each([
    ['JPY', 500, 301, 301],
    ['KWD', 2460, 1230, 1230],
    ['ISK', 200, 101, 10_100],
    ['MGA', 20_000, 5_000, 50],
  ])(
    'hard case 29: of %s %i goes back by %i: the provider is asked for %i',
    async (currency, total, part, atStripe) => {
      const { order, paymentIntent } = await desk.paidOrder({ currency, total });
      await desk.ask(order, part);
      await desk.ask(order, total - part);
      await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
      const amounts = (await desk.atProvider(paymentIntent)).map(({ amount }) => amount);
      expect(amounts).toContain(atStripe);
      expect(amounts.reduce((sum, amount) => sum + amount)).toBe((total * atStripe) / part);
      expect(await platform.payments(order.orderId)).toMatchObject([{ paid: total, refunded_total: total }]);
    },
  );

  it('in parts leaves nothing when all parts are given back', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    await desk.ask(order, 4500);
    await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
    expect((await desk.atProvider(paymentIntent)).map(({ amount }) => amount)).toEqual([4500, 4500]);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });

  it('that is asked for again with the same id is made once', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const refundId = await desk.ask(order, 4500);
    await desk.ask(order, 4500, refundId);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    await settle();
    expect(await desk.refundsOf(order)).toHaveLength(1);
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });

  it('hard cases 6 and 8: of money that buys nothing is all of that payment', async () => {
    const { order, paymentId } = await desk.paidOrder();
    const { tenantId, orderId, event, buyer, total } = order;
    const refundId = uuid();
    const data = { orderId, refundId, paymentId, amount: total, reason: 'sold-out', event, buyer };
    await platform.ticketApi.send(orderUnfulfillable, tenantId, data);
    await eventually(() =>
      expect(desk.told(order, 'refunded')).toMatchObject([{ refundId, paymentId, amount: total }]),
    );
    expect(await desk.refund(refundId)).toMatchObject({ origin: 'unfulfillable', status: 'succeeded' });
  });
});

describe("the provider's answer", () => {
  it('that comes after a person has taken the refund up is none to that', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.webhooks.traffic = () => 'hold';
    let go = () => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    platform.stripeApi.traffic = async ({ method }) => {
      if (method === 'POST') await gate;
      return 'pass' as const;
    };
    const refundId = await desk.ask(order, 4500);
    await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ attempts: 1 }));
    await platform.database.asOwner('update refunds set round = 1 where id = $1', [refundId]);
    go();
    await eventually(async () => expect(await desk.atProvider(paymentIntent)).toHaveLength(1));
    await settle();
    expect(await desk.refund(refundId)).toMatchObject({ status: 'pending', provider_refund_id: null });
    await desk.due(refundId);
    await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' }));
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });
});

describe('while the provider is away', () => {
  it('a refund waits, and is made once after that', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await desk.ask(order, 4500);
    await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ status: 'pending', attempts: 1 }));
    await settle();
    expect(desk.told(order, 'refunded')).toEqual([]);
    await platform.providerAnswers();
    await desk.due(refundId);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });

  it('a refund whose answer was lost is found, not made again, even when its key is forgotten', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.webhooks.traffic = () => 'hold';
    platform.stripeApi.traffic = () => 'mute';
    const refundId = await desk.ask(order, 4500);
    const asked = () =>
      platform.stripeApi
        .to('POST', '/v1/refunds')
        .filter(({ headers }) => headers['idempotency-key'] === `refund:${refundId}`);
    // Once, and once more by the client library, unless others who asked in vain have opened the circuit meanwhile.
    await eventually(() => expect(asked().length + (platform.isCircuitClosed() ? 0 : 1)).toBeGreaterThan(1));
    await settle();
    const before = asked().length;
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
    expect(await desk.refund(refundId)).toMatchObject({ status: 'pending', provider_refund_id: null });

    await platform.providerAnswers();
    await eventually(async () => {
      await desk.due(refundId);
      expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' });
    });
    expect(asked()).toHaveLength(before);
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });

  it('for days, a refund becomes a matter for a person; the provider may still prove it made', async () => {
    const { order } = await desk.paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await desk.ask(order, 9000);
    await eventually(async () => expect(await desk.refund(refundId)).toBeDefined());
    await eventually(async () => {
      const age = `update refunds set due_at = now(), first_tried_at = now() - interval '4 days' where id = $1`;
      await platform.database.asOwner(age, [refundId]);
      expect(desk.told(order, 'refund-failed')).toMatchObject([
        { refundId, reason: 'the provider did not answer for days' },
      ]);
    });
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 0 }]);

    const [payment] = await platform.payments(order.orderId);
    const object = {
      id: 're_late',
      amount: 9000,
      status: 'succeeded',
      payment_intent: payment!.payment_intent,
      metadata: { refund_id: refundId },
    };
    await platform.deliver(desk.event('refund.updated', object));
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });
});

describe('hard case 10: the provider says no', () => {
  it('a refund that the provider refuses fails, is told, and a person has to see to it', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    // Of one that is on its way nobody can say yet that it is this one.
    await platform.simulator.put('/refunds', { begins: 'pending', ends: 'succeeded', afterSeconds: 600, times: 1 });
    platform.webhooks.traffic = () => 'hold';
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent });
    const refundId = await desk.ask(order, 4500);
    await eventually(() =>
      expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId, reason: 'charge_already_refunded' }]),
    );
    expect(await desk.refund(refundId)).toMatchObject({ status: 'failed' });
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/refunds_failed_total\{[^}]*\} [1-9]/);
  });

  it('a refund that fails after it had succeeded is taken back in the books, once, and a late success does not revive it', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const refundId = await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    const { provider_refund_id: id } = (await desk.refund(refundId))!;
    const object = { id, amount: 4500, payment_intent: paymentIntent, metadata: { refund_id: refundId } };
    const failed = { ...object, status: 'failed', failure_reason: 'expired_or_canceled_card' };
    await platform.deliver(desk.event('refund.failed', failed));
    await platform.deliver(desk.event('refund.updated', failed));
    await platform.deliver(desk.event('refund.updated', { ...object, status: 'succeeded' }));
    await eventually(() =>
      expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId, reason: 'expired_or_canceled_card' }]),
    );
    expect(await desk.refund(refundId)).toMatchObject({ status: 'failed', failure: 'expired_or_canceled_card' });
    const books = await desk.transfersOf(order);
    expect(books.map(({ what }) => what)).toEqual(['payment', 'refund', 'refund-returned']);
    expect(books.reduce((sum, transfer) => sum + onProviderBalance(transfer), 0)).toBe(9000);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 0 }]);
  });
});
