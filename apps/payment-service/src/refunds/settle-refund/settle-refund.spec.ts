import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { FailedRefunds, type FailedRefund } from '../../testing/failed-refund.js';
import { PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';
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
beforeEach(() => platform.providerAnswers());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Somebody makes a refund of another amount in the dashboard, and we have heard of it. @returns the provider's id */
async function byHand({ paymentIntent, order }: FailedRefund, amount: number): Promise<string> {
  const { id } = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount });
  await eventually(async () =>
    expect((await desk.refundsOf(order)).some((one) => one.provider_refund_id === id)).toBe(true),
  );
  return id;
}
const settle = ({ refundId, organizer }: FailedRefund, providerRefunds: string[], further = {}) =>
  platform.post(`/mgmt/refunds/${refundId}/settle`, organizer, { note: 'By hand', providerRefunds, ...further });
const counted = async ({ order }: FailedRefund) => (await platform.payments(order.orderId))[0]!.refunded_total;
const inBooks = async ({ order }: FailedRefund) =>
  (await desk.transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
const toldOf = ({ order, refundId }: FailedRefund) =>
  desk.told(order, 'refunded').filter((told) => (told as { refundId: string }).refundId === refundId);

describe('hard case 10: a failed refund that is settled by refunds of other amounts in the dashboard', () => {
  it('is told and shown with them, and their money counts once', async () => {
    const refund = await refunds.cameBack();
    const { order, organizer, refundId } = refund;
    const other = await refunds.ofOrder(order, refund.paymentIntent);
    const both = await byHand(refund, 9000);
    for (const one of [refund, { ...other, organizer }]) {
      expect(await settle(one, [both])).toMatchObject({
        status: 200,
        body: { status: 'settled', settlement: { by: { id: organizer }, providerRefunds: [both], covered: eur(4500) } },
      });
      expect(await settle(one, [both])).toMatchObject({ status: 200 });
    }
    await eventually(() => expect(toldOf(refund)).toHaveLength(2));
    expect(toldOf(refund)).toContainEqual(expect.objectContaining({ amount: eur(4500), covered: eur(4500) }));
    await eventually(() => expect(desk.told(order, 'refund-taken-up')).toHaveLength(2));
    const how = { how: 'settled', note: 'By hand', providerRefunds: [both] };
    const amount = eur(4500);
    const by = { id: organizer, name: 'A', role: 'organizer' };
    expect(desk.told(order, 'refund-taken-up')).toContainEqual({
      orderId: order.orderId,
      refundId,
      amount,
      by,
      ...how,
    });
    expect(await counted(refund)).toBe(9000);
    expect(await inBooks(refund)).toBe(0);
    expect((await platform.view(order.orderId, order.buyer.id)).body).toMatchObject({
      refunded: eur(9000),
      refundPending: eur(0),
    });
  });

  it('may be of several of them, and paid otherwise for the rest that is named', async () => {
    const refund = await refunds.cameBack();
    const parts = [await byHand(refund, 1000), await byHand(refund, 3000)];
    const faults = [
      [undefined, /leave 500 of 4500 .* open/],
      [eur(499), /leave 500 of 4500 .* open/],
      [{ amount: 500, currency: 'USD' }, /is in EUR; paid otherwise was said in USD/],
    ] as const;
    for (const [paidOtherwise, detail] of faults)
      expect(await settle(refund, parts, { paidOtherwise })).toMatchObject({
        status: 409,
        body: { code: 'settlement-differs', detail: expect.stringMatching(detail) },
      });
    expect(await settle(refund, parts, { paidOtherwise: eur(500) })).toMatchObject({ status: 200 });
    expect(await counted(refund)).toBe(4500);
    expect(await inBooks(refund)).toBe(5000);
    const byHandTransfers = (await desk.transfersOf(refund.order)).filter(({ what }) => what === 'refund-settled');
    expect(byHandTransfers).toMatchObject([{ amount: 500 }]);
  });

  it('is not settled twice by the same money', async () => {
    const refund = await refunds.cameBack();
    const other = await refunds.ofOrder(refund.order, refund.paymentIntent);
    const made = await byHand(refund, 4501);
    expect((await settle(refund, [made])).status).toBe(200);
    expect(await settle({ ...other, organizer: refund.organizer }, [made])).toMatchObject({
      status: 409,
      body: { code: 'settlement-differs' },
    });
    expect(await counted(refund)).toBe(4501);
  });

  it('is settled by nothing that is no refund of its payment made there', async () => {
    const refund = await refunds.cameBack();
    const elsewhere = await refunds.cameBack({ tenantId: refund.order.tenantId });
    const ours = await desk.ask(refund.order, 4500);
    await eventually(async () => expect(await desk.refund(ours)).toMatchObject({ status: 'succeeded' }));
    const names = [await byHand(elsewhere, 9000), (await desk.refund(ours))!.provider_refund_id!, 're_unheard'];
    for (const name of names)
      expect(await settle(refund, [name])).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'providerRefunds.0' }] },
      });
    expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'failed' });
  });

  it('is owed again, once, when what covers it comes back', async () => {
    const refund = await refunds.cameBack();
    const made = await byHand(refund, 4600);
    await settle(refund, [made]);
    await platform.simulator.tell(`/refunds/${made}/fail`, { failureReason: 'declined' });
    await eventually(async () => expect(await counted(refund)).toBe(0));
    const { body } = await platform.get<{ data: object[] }>('/mgmt/refunds', refund.organizer);
    expect(body.data).toMatchObject([{ amount: eur(4600), status: 'failed' }]);
    expect(await inBooks(refund)).toBe(9000);
  });
});
