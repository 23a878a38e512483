import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderRecheckRequested } from '@app/contracts';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, type Order } from '../testing/payment-platform.js';
import { RefundDesk } from '../testing/refund-desk.js';

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

const recheck = ({ tenantId, orderId }: Order) => platform.ticketApi.send(orderRecheckRequested, tenantId, { orderId });
const outcomes = (order: Order) =>
  platform.ticketApi.heardOf(order.orderId).flatMap(({ type }) => (type === 'payment.opened.v1' ? [] : [type]));
const dueOf = async ({ orderId }: Order) =>
  platform.database.asOwner<{ recheck_due_at: Date | null }>(
    'select recheck_due_at from payments where order_id = $1',
    [orderId],
  );
const answered = (order: Order) =>
  eventually(async () => expect(await dueOf(order)).toEqual([{ recheck_due_at: null }]));
const asked = (order: Order) =>
  platform
    .payments(order.orderId)
    .then(([payment]) => platform.stripeApi.to('GET', `/v1/checkout/sessions/${payment!.session_id}`));

/** A buyer has paid, and the provider's word of it is lost. */
async function paidUnheard(): Promise<Order> {
  const order = platform.order();
  const page = await platform.checkout(order.orderId);
  platform.webhooks.traffic = () => 'hold';
  expect(await platform.simulator.press(page, 'pay')).toBe(303);
  return order;
}

describe('an order that an organizer wants to know about', () => {
  it('is paid when the provider says so, its webhook lost', async () => {
    const order = await paidUnheard();
    expect(outcomes(order)).toEqual([]);
    await recheck(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
    await answered(order);
    expect(await platform.payments(order.orderId)).toMatchObject([{ status: 'succeeded', paid: 9000 }]);
  });

  it('is paid also when its session was thought to have ended', async () => {
    const order = await paidUnheard();
    await platform.database.asOwner(`update payments set status = 'expired' where order_id = $1`, [order.orderId]);
    await recheck(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
  });

  it('has ended when the provider says so', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'expire');
    await recheck(order);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1']));
  });

  it('can still be paid for when nobody has paid yet', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    await recheck(order);
    await eventually(async () => expect((await asked(order)).length).toBeGreaterThan(0));
    await answered(order);
    expect(outcomes(order)).toEqual([]);
    await platform.simulator.press(page, 'pay');
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
  });

  it('is asked for again when the provider was away', async () => {
    const order = await paidUnheard();
    platform.stripeApi.traffic = () => 'away';
    await recheck(order);
    await eventually(async () => expect((await asked(order)).length).toBeGreaterThan(0));
    expect(await dueOf(order)).toEqual([{ recheck_due_at: expect.any(Date) }]);
    await platform.providerAnswers();
    await platform.database.asOwner('update payments set recheck_due_at = now() where order_id = $1', [order.orderId]);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
  });

  it('gets its refund now, and not when the next try would be', async () => {
    const { order } = await desk.paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await desk.ask(order, 4500);
    await eventually(async () => expect((await desk.refund(refundId))?.attempts).toBeGreaterThan(0));
    await platform.database.asOwner(`update refunds set due_at = now() + interval '1 hour' where id = $1`, [refundId]);
    await platform.providerAnswers();
    await recheck(order);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
  });
});
