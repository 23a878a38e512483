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
    for (const refund of [first, second]) await is(refund, { status: 'succeeded' });
    expect(await netAtProvider(first)).toBe(0);
    expect(await inBooks(first.order)).toBe(0);
  });
});
