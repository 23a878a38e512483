import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { FailedRefunds, type FailedRefund } from '../../testing/failed-refund.js';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { onProviderBalance, RefundDesk } from '../../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
let refunds: FailedRefunds;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
  refunds = new FailedRefunds(platform, desk);
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
});

const byHand = ({ paymentIntent }: { paymentIntent: string }, amount = 4500) =>
  platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount });
const retry = ({ refundId }: FailedRefund, userId: string) => platform.post(`/mgmt/refunds/${refundId}/retry`, userId);
const is = (refund: { refundId: string }, state: object) =>
  eventually(async () => expect(await desk.refund(refund.refundId)).toMatchObject(state), 15_000);
const inBooks = async (order: Order) =>
  (await desk.transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
const netAtProvider = async ({ paymentIntent }: { paymentIntent: string }) => {
  const went = (await desk.atProvider(paymentIntent)).filter(({ status }) => status === 'succeeded');
  return 9000 - went.reduce((sum, { amount }) => sum + amount, 0);
};
/** The provider's own words about it, heard once more. */
const again = (refund: object) => platform.deliver(desk.event('refund.updated', refund));

describe("hard case 10: a failed refund that a person makes in the provider's dashboard", () => {
  it('is made: told, booked and counted once, and waits for nobody any more', async () => {
    const refund = await refunds.cameBack();
    const { order, organizer, refundId } = refund;
    const made = await byHand(refund);
    await is(refund, { status: 'succeeded', provider_refund_id: made.id });
    await again(made);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
    expect(desk.told(order, 'refunded')).toMatchObject([
      { refundId, sequence: 1 },
      { refundId, sequence: 3 },
    ]);
    expect(await desk.refundsOf(order)).toHaveLength(1);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
    expect(await inBooks(order)).toBe(await netAtProvider(refund));
    expect((await platform.get('/mgmt/refunds', organizer)).body).toMatchObject({ data: [] });
  });

  it('is one of several of that amount, one for each', async () => {
    const first = await refunds.cameBack();
    const second = await refunds.ofOrder(first.order, first.paymentIntent);
    const [one, other] = [await byHand(first), await byHand(first)];
    await is(first, { status: 'succeeded' });
    await is(second, { status: 'succeeded' });
    const made = (await desk.refundsOf(first.order)).map(({ provider_refund_id: id }) => id);
    expect(made.sort()).toEqual([one.id, other.id].sort());
    expect(await platform.payments(first.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });

  it('is not made by one of another amount: that is a refund of its own', async () => {
    const refund = await refunds.cameBack();
    await byHand(refund, 4499);
    await eventually(() => expect(desk.told(refund.order, 'refunded')).toHaveLength(2));
    expect((await desk.refundsOf(refund.order)).map(({ amount, status }) => [amount, status])).toEqual([
      [4500, 'failed'],
      [4499, 'succeeded'],
    ]);
  });

  it('is not made by one that is on its way until it has arrived', async () => {
    const refund = await refunds.cameBack();
    await platform.simulator.put('/refunds', { begins: 'pending', ends: 'succeeded', afterSeconds: 1, times: 1 });
    const { id } = await byHand(refund);
    await is(refund, { status: 'pending', provider_refund_id: id });
    expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
    await is(refund, { status: 'succeeded' });
    expect(await desk.atProvider(refund.paymentIntent)).toHaveLength(2);
  });

  it('waits for a person again when that one comes back too, and heeds no old news of it', async () => {
    const refund = await refunds.cameBack();
    const made = await byHand(refund);
    await is(refund, { status: 'succeeded' });
    await platform.simulator.tell(`/refunds/${made.id}/fail`, { failureReason: 'declined' });
    await is(refund, { status: 'failed', failure: 'declined' });
    const next = await byHand(refund);
    await is(refund, { status: 'succeeded', provider_refund_id: next.id });
    expect(await again(made)).toMatchObject({ status: 200 });
    expect(await desk.refundsOf(refund.order)).toHaveLength(1);
    expect(await inBooks(refund.order)).toBe(await netAtProvider(refund));
  });
});

describe('a retry and a refund made in the dashboard', () => {
  it('whose news are on their way are one refund', async () => {
    const refund = await refunds.cameBack();
    platform.webhooks.traffic = () => 'hold';
    const { id } = await byHand(refund);
    expect((await retry(refund, refund.organizer)).status).toBe(202);
    await is(refund, { status: 'succeeded', provider_refund_id: id });
    expect(await netAtProvider(refund)).toBe(4500);
  });

  it('that is heard of before the provider is asked are one refund', async () => {
    const refund = await refunds.cameBack();
    platform.stripeApi.traffic = () => 'away';
    expect((await retry(refund, refund.organizer)).status).toBe(202);
    const { id } = await byHand(refund);
    await is(refund, { status: 'succeeded', provider_refund_id: id });
    await platform.providerAnswers();
    await desk.due(refund.refundId);
    expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
    expect(await netAtProvider(refund)).toBe(4500);
  });

  it('of a refund that was asked for twice by retries take one for one', async () => {
    const first = await refunds.cameBack();
    const second = await refunds.ofOrder(first.order, first.paymentIntent);
    platform.webhooks.traffic = () => 'hold';
    await byHand(first);
    await Promise.all([retry(first, first.organizer), retry(second, second.organizer)]);
    // Who finds the same one as the other, and later, looks again at the next try.
    for (const { refundId } of [first, second])
      await eventually(async () => {
        await desk.due(refundId);
        expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' });
      });
    expect(await netAtProvider(first)).toBe(0);
    expect(await inBooks(first.order)).toBe(0);
  });
});

describe("a refund that is asked for when part of the payment was given back in the provider's dashboard", () => {
  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const ofOurs = (order: Order, refundId: string) =>
    (desk.told(order, 'refunded') as { refundId: string }[]).filter((told) => told.refundId === refundId);
  const amountsAt = async (paid: { paymentIntent: string }) =>
    (await desk.atProvider(paid.paymentIntent)).map(({ amount }) => amount).sort();

  it('has that as a part, and the provider is asked for the rest', async () => {
    const paid = await desk.paidOrder();
    await byHand(paid, 1000);
    await eventually(() => expect(desk.told(paid.order, 'refunded')).toHaveLength(1));
    const refundId = await desk.ask(paid.order, 9000);
    await eventually(() =>
      expect(ofOurs(paid.order, refundId)).toMatchObject([{ amount: eur(9000), covered: eur(1000) }]),
    );
    expect(await amountsAt(paid)).toEqual([1000, 8000]);
    expect(await inBooks(paid.order)).toBe(0);
    expect(await platform.payments(paid.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    expect(desk.told(paid.order, 'refund-failed')).toEqual([]);
  });

  it.each([
    ['and the news of it are late', 9000, 1000, [1000, 8000]],
    ['in several parts, and the news of them are late', 9000, 3000, [3000, 3000, 3000]],
    ['as a whole, and the news of it are late', 4500, 9000, [9000]],
  ])('%s: every cent goes back once', async (_, asked, part, atProvider) => {
    const paid = await desk.paidOrder();
    platform.webhooks.traffic = () => 'hold';
    await byHand(paid, part);
    if (atProvider.length > 2) await byHand(paid, part);
    const refundId = await desk.ask(paid.order, asked);
    const covered = asked + part * (atProvider.length > 2 ? 2 : 1) - 9000;
    await eventually(() =>
      expect(ofOurs(paid.order, refundId)).toMatchObject([{ amount: eur(asked), covered: eur(covered) }]),
    );
    platform.webhooks.traffic = () => 'pass';
    for (const refund of await desk.atProvider(paid.paymentIntent)) await again(refund);
    expect(await amountsAt(paid)).toEqual(atProvider);
    expect(await inBooks(paid.order)).toBe(0);
    expect(await platform.payments(paid.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    expect(desk.told(paid.order, 'refund-failed')).toEqual([]);
    expect(desk.told(paid.order, 'refunded')).toHaveLength(atProvider.length > 2 ? 3 : 2);
  });

  it('is made for the rest when a person has it tried again', async () => {
    const refund = await refunds.cameBack();
    await byHand(refund, 6000);
    await eventually(async () =>
      expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 6000 }]),
    );
    expect(await retry(refund, refund.organizer)).toMatchObject({ status: 202 });
    await is(refund, { status: 'succeeded', amount: 4500 });
    expect(await netAtProvider(refund)).toBe(0);
    expect(await inBooks(refund.order)).toBe(0);
    expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });

  it('fails when that does not explain what is missing', async () => {
    const paid = await desk.paidOrder();
    await byHand(paid, 1000);
    await eventually(() => expect(desk.told(paid.order, 'refunded')).toHaveLength(1));
    const refundId = await desk.ask(paid.order, 9001);
    await eventually(() => expect(desk.told(paid.order, 'refund-failed')).toMatchObject([{ refundId }]));
    expect(await amountsAt(paid)).toEqual([1000]);
  });
});

it('hard case 10: of a refund made in the dashboard whose failure is heard before its success nothing is believed', async () => {
  const paid = await desk.paidOrder();
  platform.webhooks.traffic = () => 'hold';
  const made = await byHand(paid);
  await platform.simulator.tell(`/refunds/${made.id}/fail`, { failureReason: 'lost_or_stolen_card' });
  const failed = (await desk.atProvider(paid.paymentIntent))[0]!;
  expect(failed.status).toBe('failed');
  platform.webhooks.traffic = () => 'pass';
  await platform.deliver(desk.event('refund.failed', failed));
  await platform.deliver(desk.event('refund.created', made));
  await again(made);
  await eventually(async () => {
    const waiting = await platform.database.asOwner(`select from webhook_events where status = 'waiting'`);
    expect(waiting).toEqual([]);
  });
  expect(desk.told(paid.order, 'refunded')).toEqual([]);
  expect(await desk.refundsOf(paid.order)).toEqual([]);
  expect(await inBooks(paid.order)).toBe(9000);
});
