import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

describe("a refund that somebody makes in the provider's dashboard", () => {
  it('is told and booked once, under an id of ours', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const made = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await eventually(() => expect(desk.told(order, 'refunded')).toMatchObject([{ amount: { amount: 1000 } }]));
    await settle();
    expect(desk.told(order, 'refunded')).toHaveLength(1);
    expect(await desk.refundsOf(order)).toMatchObject([{ origin: 'provider', provider_refund_id: made.id }]);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 1000 }]);
  });

  it('is also found when only the charge tells of it', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.webhooks.traffic = ({ body }) => (body.toString().includes('"type": "refund.') ? 'hold' : 'pass');
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await eventually(() => expect(desk.told(order, 'refunded')).toMatchObject([{ amount: { amount: 1000 } }]), 15_000);
  });

  it('waits while a refund of ours has the same money put aside, and is that refund when ours has failed', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const ours = await desk.ask(order, 9000);
    await eventually(async () => expect(await desk.refund(ours)).toMatchObject({ attempts: 1 }));
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent });
    await eventually(async () => {
      const waiting = `select from webhook_events where status = 'waiting' and body ->> 'payment_intent' = $1 and type = 'refund.created'`;
      expect(await platform.database.asOwner(waiting, [paymentIntent])).toHaveLength(1);
    });
    await platform.providerAnswers();
    await desk.due(ours);
    await eventually(async () => {
      await platform.database.asOwner(`update webhook_events set due_at = now() where status = 'waiting'`);
      expect(desk.told(order, 'refunded')).toHaveLength(1);
    });
    expect(await desk.refundsOf(order)).toMatchObject([{ id: ours, origin: 'tickets-returned', status: 'succeeded' }]);
    expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId: ours }]);
  });
});

describe('the books', () => {
  it('equal what the provider has, to the cent', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    await desk.ask(order, 4500);
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 999 });
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
    const { amount_received } = await platform.dashboard().paymentIntents.retrieve(paymentIntent);
    const wentBack = (await desk.atProvider(paymentIntent)).reduce((sum, { amount }) => sum + amount, 0);
    const inBooks = (await desk.transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
    expect(inBooks).toBe(amount_received - wentBack);
    expect(inBooks).toBe(9000 - 4500 - 999);
  });

  it('cannot be changed, only added to', async () => {
    const { order } = await desk.paidOrder();
    for (const statement of ['update ledger_transfers set amount = 1', 'delete from ledger_transfers'])
      await expect(
        platform.database.database.asTenant(order.tenantId, (transaction) => transaction.execute(statement)),
      ).rejects.toThrow('permission denied');
  });
});
