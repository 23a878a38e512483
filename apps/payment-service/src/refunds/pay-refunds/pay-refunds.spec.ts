import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderRefundRequested, orderUnfulfillable } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '../../testing/eventually.js';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(() => {
  platform.stripeApi.traffic = () => 'pass';
  platform.webhooks.traffic = () => 'pass';
});

interface RefundRecord {
  id: string;
  payment_id: string;
  status: string;
  amount: number;
  origin: string;
  provider_refund_id: string | null;
  failure: string | null;
}
interface Transfer {
  what: string;
  debit_account: string;
  credit_account: string;
  amount: number;
}

async function paidOrder(): Promise<{ order: Order; paymentId: string; paymentIntent: string }> {
  const order = platform.order();
  await platform.simulator.press(await platform.checkout(order.orderId), 'pay');
  return eventually(async () => {
    const [payment] = await platform.payments(order.orderId);
    if (payment?.status !== 'succeeded') throw new Error('not paid yet');
    return { order, paymentId: payment.id, paymentIntent: payment.payment_intent };
  });
}

async function ask(
  { tenantId, orderId, event, buyer, total }: Order,
  amount: number,
  refundId = uuid(),
): Promise<string> {
  const data = { orderId, refundId, ticketIds: [uuid()], amount: { ...total, amount }, reason: 'refund', event, buyer };
  await platform.ticketApi.send(orderRefundRequested, tenantId, data);
  return refundId;
}

const onProviderBalance = ({ debit_account, amount }: Transfer) =>
  debit_account === 'provider-balance' ? amount : -amount;
const refundsOf = (order: Order) =>
  platform.database.asOwner<RefundRecord>('select * from refunds where order_id = $1 order by created_at, id', [
    order.orderId,
  ]);
const refundNamed = async (refundId: string) =>
  (await platform.database.asOwner<RefundRecord>('select * from refunds where id = $1', [refundId]))[0];
const transfersOf = (order: Order) =>
  platform.database.asOwner<Transfer>('select * from ledger_transfers where order_id = $1 order by created_at', [
    order.orderId,
  ]);
const told = (order: Order, type: string) => platform.ticketApi.heardOf(order.orderId, type).map(({ data }) => data);
const atProvider = async (paymentIntent: string) =>
  (await platform.dashboard().refunds.list({ payment_intent: paymentIntent })).data;
const due = (refundId: string) =>
  platform.database.asOwner('update refunds set due_at = now() where id = $1', [refundId]);
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

let count = 0;
const refundEvent = (type: string, object: object) => ({
  id: `evt_refund${++count}`,
  object: 'event',
  type,
  livemode: false,
  data: { object: { object: 'refund', currency: 'eur', ...object } },
});

describe('a refund', () => {
  it('moves the money to the cent, is told, and is in the books', async () => {
    const { order, paymentId, paymentIntent } = await paidOrder();
    const refundId = await ask(order, 4500);
    const moved = { orderId: order.orderId, paymentId, refundId, amount: { amount: 4500, currency: 'EUR' } };
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toEqual([moved]));
    expect(await atProvider(paymentIntent)).toMatchObject([
      { amount: 4500, metadata: { refund_id: refundId, payment_id: paymentId } },
    ]);
    expect(await transfersOf(order)).toMatchObject([
      { what: 'payment', debit_account: 'provider-balance', credit_account: 'organization-payable', amount: 9000 },
      { what: 'refund', debit_account: 'organization-payable', credit_account: 'provider-balance', amount: 4500 },
    ]);
    await settle();
    expect(told(order, 'payment.refunded.v1')).toEqual([moved]);
  });

  it('in parts leaves nothing when all parts are given back', async () => {
    const { order, paymentIntent } = await paidOrder();
    await ask(order, 4500);
    await ask(order, 4500);
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(2));
    expect((await atProvider(paymentIntent)).map(({ amount }) => amount)).toEqual([4500, 4500]);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });

  it('that is asked for again with the same id is made once', async () => {
    const { order, paymentIntent } = await paidOrder();
    const refundId = await ask(order, 4500);
    await ask(order, 4500, refundId);
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(1));
    await settle();
    expect(await refundsOf(order)).toHaveLength(1);
    expect(await atProvider(paymentIntent)).toHaveLength(1);
  });

  it('of more than was paid is not made', async () => {
    const { order } = await paidOrder();
    await ask(order, 4500);
    await eventually(async () => expect(await refundsOf(order)).toHaveLength(1));
    await ask(order, 4501);
    await settle();
    expect(await refundsOf(order)).toHaveLength(1);
    const [payment] = await platform.payments(order.orderId);
    const overdraw = platform.database.asOwner('update payments set refunded_total = 9001 where id = $1', [
      payment!.id,
    ]);
    await expect(overdraw).rejects.toThrow('never_refund_more_than_paid');
  });

  it('of money that buys nothing is all of that payment (hard cases 6, 8)', async () => {
    const { order, paymentId } = await paidOrder();
    const { tenantId, orderId, event, buyer, total } = order;
    const refundId = uuid();
    const data = { orderId, refundId, paymentId, amount: total, reason: 'sold-out', event, buyer };
    await platform.ticketApi.send(orderUnfulfillable, tenantId, data);
    await eventually(() =>
      expect(told(order, 'payment.refunded.v1')).toMatchObject([{ refundId, paymentId, amount: total }]),
    );
    expect(await refundNamed(refundId)).toMatchObject({ origin: 'unfulfillable', status: 'succeeded' });
  });
});

describe('while the provider is away', () => {
  it('a refund waits, and is made once after that', async () => {
    const { order, paymentIntent } = await paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await ask(order, 4500);
    await eventually(async () => expect(await refundNamed(refundId)).toMatchObject({ status: 'pending', attempts: 1 }));
    await settle();
    expect(told(order, 'payment.refunded.v1')).toEqual([]);
    platform.stripeApi.traffic = () => 'pass';
    await due(refundId);
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(1));
    expect(await atProvider(paymentIntent)).toHaveLength(1);
  });

  it('a refund whose answer was lost is found, not made again, even when its key is forgotten', async () => {
    const { order, paymentIntent } = await paidOrder();
    platform.webhooks.traffic = () => 'hold';
    platform.stripeApi.traffic = () => 'mute';
    const refundId = await ask(order, 4500);
    const asked = () =>
      platform.stripeApi
        .to('POST', '/v1/refunds')
        .filter(({ headers }) => headers['idempotency-key'] === `refund:${refundId}`);
    // Once, and once more by the client library.
    await eventually(() => expect(asked()).toHaveLength(2));
    await settle();
    expect(await atProvider(paymentIntent)).toHaveLength(1);
    expect(await refundNamed(refundId)).toMatchObject({ status: 'pending', provider_refund_id: null });

    platform.stripeApi.traffic = () => 'pass';
    await eventually(async () => {
      await due(refundId);
      expect(await refundNamed(refundId)).toMatchObject({ status: 'succeeded' });
    });
    expect(asked()).toHaveLength(2);
    expect(await atProvider(paymentIntent)).toHaveLength(1);
  });

  it('for days, a refund becomes a matter for a person; the provider may still prove it made', async () => {
    const { order } = await paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await ask(order, 9000);
    await eventually(async () => expect(await refundNamed(refundId)).toBeDefined());
    await eventually(async () => {
      const age = `update refunds set due_at = now(), created_at = now() - interval '4 days' where id = $1`;
      await platform.database.asOwner(age, [refundId]);
      expect(told(order, 'payment.refund-failed.v1')).toMatchObject([
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
    await platform.deliver(refundEvent('refund.updated', object));
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(1));
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });
});

describe('hard case 10', () => {
  it('a refund that the provider refuses fails, is told, and a person has to see to it', async () => {
    const { order, paymentIntent } = await paidOrder();
    platform.webhooks.traffic = () => 'hold';
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent });
    const refundId = await ask(order, 4500);
    await eventually(() =>
      expect(told(order, 'payment.refund-failed.v1')).toMatchObject([{ refundId, reason: 'charge_already_refunded' }]),
    );
    expect(await refundNamed(refundId)).toMatchObject({ status: 'failed' });
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/refunds_failed_total\{[^}]*\} [1-9]/);
  });

  it('a refund that fails after it had succeeded is taken back in the books, once, and a late success does not revive it', async () => {
    const { order, paymentIntent } = await paidOrder();
    const refundId = await ask(order, 4500);
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(1));
    const { provider_refund_id: id } = (await refundNamed(refundId))!;
    const object = { id, amount: 4500, payment_intent: paymentIntent, metadata: { refund_id: refundId } };
    const failed = { ...object, status: 'failed', failure_reason: 'expired_or_canceled_card' };
    await platform.deliver(refundEvent('refund.failed', failed));
    await platform.deliver(refundEvent('refund.updated', failed));
    await platform.deliver(refundEvent('refund.updated', { ...object, status: 'succeeded' }));
    await eventually(() =>
      expect(told(order, 'payment.refund-failed.v1')).toMatchObject([{ refundId, reason: 'expired_or_canceled_card' }]),
    );
    expect(await refundNamed(refundId)).toMatchObject({ status: 'failed', failure: 'expired_or_canceled_card' });
    const books = await transfersOf(order);
    expect(books.map(({ what }) => what)).toEqual(['payment', 'refund', 'refund-returned']);
    expect(books.reduce((sum, transfer) => sum + onProviderBalance(transfer), 0)).toBe(9000);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 0 }]);
  });
});

describe("a refund that somebody makes in the provider's dashboard", () => {
  it('is told and booked once, under an id of ours', async () => {
    const { order, paymentIntent } = await paidOrder();
    const made = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toMatchObject([{ amount: { amount: 1000 } }]));
    await settle();
    expect(told(order, 'payment.refunded.v1')).toHaveLength(1);
    expect(await refundsOf(order)).toMatchObject([{ origin: 'provider', provider_refund_id: made.id }]);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 1000 }]);
  });

  it('is also found when only the charge tells of it', async () => {
    const { order, paymentIntent } = await paidOrder();
    platform.webhooks.traffic = ({ body }) => (body.toString().includes('"type": "refund.') ? 'hold' : 'pass');
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await eventually(
      () => expect(told(order, 'payment.refunded.v1')).toMatchObject([{ amount: { amount: 1000 } }]),
      15_000,
    );
  });

  it('waits while a refund of ours has the same money put aside, and counts when ours has failed', async () => {
    const { order, paymentIntent } = await paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const ours = await ask(order, 9000);
    await eventually(async () => expect(await refundNamed(ours)).toMatchObject({ attempts: 1 }));
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent });
    await eventually(async () => {
      const waiting = `select from webhook_events where status = 'waiting' and body ->> 'payment_intent' = $1 and type = 'refund.created'`;
      expect(await platform.database.asOwner(waiting, [paymentIntent])).toHaveLength(1);
    });
    platform.stripeApi.traffic = () => 'pass';
    await due(ours);
    await eventually(async () => {
      await platform.database.asOwner(`update webhook_events set due_at = now() where status = 'waiting'`);
      expect(told(order, 'payment.refunded.v1')).toHaveLength(1);
    });
    expect((await refundsOf(order)).map(({ origin, status }) => [origin, status])).toEqual([
      ['tickets-returned', 'failed'],
      ['provider', 'succeeded'],
    ]);
  });
});

describe('the books', () => {
  it('equal what the provider has, to the cent', async () => {
    const { order, paymentIntent } = await paidOrder();
    await ask(order, 4500);
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 999 });
    await eventually(() => expect(told(order, 'payment.refunded.v1')).toHaveLength(2));
    const { amount_received } = await platform.dashboard().paymentIntents.retrieve(paymentIntent);
    const wentBack = (await atProvider(paymentIntent)).reduce((sum, { amount }) => sum + amount, 0);
    const inBooks = (await transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
    expect(inBooks).toBe(amount_received - wentBack);
    expect(inBooks).toBe(9000 - 4500 - 999);
  });

  it('cannot be changed, only added to', async () => {
    const { order } = await paidOrder();
    for (const statement of ['update ledger_transfers set amount = 1', 'delete from ledger_transfers'])
      await expect(
        platform.database.database.asTenant(order.tenantId, (transaction) => transaction.execute(statement)),
      ).rejects.toThrow('permission denied');
  });
});
