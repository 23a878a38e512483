import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { Simulator } from './crash-points/simulator.js';
import { eventually } from './support/client.js';
import { openPaymentPage, pay, press } from './support/payment-page.js';
import { mailTo, person, type Person } from './support/people.js';
import { available, expecting, placeOrder, sale, type Sale } from './support/sale.js';

/** Seconds: long enough to pay in, short enough to wait for. */
const HOLD = 4;

describe('payments that fail or never come: the stock returns by itself', () => {
  let platform: Platform;
  let selling: Sale;
  let buyer: Person;
  const read = (id: string) => expecting(200, buyer.client, 'GET', `/orders/${id}`);
  const ended = (id: string, status: string) =>
    eventually(
      `order ${status}`,
      () => read(id),
      (order) => order.status === status,
      45_000,
    );

  beforeAll(async () => {
    platform = await startPlatform({ environment: { ORDER_HOLD_SECONDS: String(HOLD) } });
    selling = await sale(platform, { capacity: 2 });
    buyer = await person(platform);
  });
  afterAll(() => platform?.remove());

  it('a hold that nobody pays ends at its time', async () => {
    const order = await placeOrder(buyer, selling, 2);
    expect(await available(buyer.client, selling)).toBe(0);
    const expired = await ended(order.id, 'expired');
    expect(expired).toMatchObject({ reason: 'hold-expired', checkoutUrl: null, tickets: [] });
    expect(await available(buyer.client, selling)).toBe(2);
    expect((await fetch(order.checkoutUrl, { redirect: 'manual' })).status).toBe(410);
    await mailTo(platform, buyer.email, /expired|not paid|ended/i);
  });

  it('an abandoned payment page: the session is closed and the stock is back', async () => {
    const order = await placeOrder(buyer, selling, 1);
    await openPaymentPage(order.checkoutUrl);
    await ended(order.id, 'expired');
    expect(await available(buyer.client, selling)).toBe(2);
  });

  it('a payment that finally fails gives the stock back at once', async () => {
    const order = await placeOrder(buyer, selling, 1);
    await press(await openPaymentPage(order.checkoutUrl), 'fail');
    expect(await ended(order.id, 'expired')).toMatchObject({ reason: 'payment-failed' });
    expect(await available(buyer.client, selling)).toBe(2);
  });

  it('a refused card is no end: another one pays', async () => {
    const order = await placeOrder(buyer, selling, 1);
    const page = await openPaymentPage(order.checkoutUrl);
    await press(page, 'decline');
    expect(await read(order.id)).toMatchObject({ status: 'pending' });
    await press(page, 'pay');
    expect((await ended(order.id, 'confirmed')).tickets).toHaveLength(1);
  });

  it('a session that the provider ends early gives the stock back', async () => {
    const order = await placeOrder(buyer, selling, 1);
    await press(await openPaymentPage(order.checkoutUrl), 'expire');
    expect(await ended(order.id, 'expired')).toMatchObject({ reason: 'payment-expired' });
  });

  it('a buyer lets go of a hold: its stock is back with the answer', async () => {
    const order = await placeOrder(buyer, selling, 1);
    const before = await available(buyer.client, selling);
    const cancelled = await expecting(200, buyer.client, 'POST', `/orders/${order.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 'cancelled', reason: 'buyer' });
    expect(await available(buyer.client, selling)).toBe(before + 1);
    expect((await expecting(200, buyer.client, 'POST', `/orders/${order.id}/cancel`)).status).toBe('cancelled');
    expect((await buyer.client.post('/tickets/purchase', { orderId: order.id })).body.code).toBe('order-ended');
  });

  it('the payment page is opened twice at once: one session', async () => {
    const order = await placeOrder(buyer, selling, 1);
    const pages = await Promise.all([openPaymentPage(order.checkoutUrl), openPaymentPage(order.checkoutUrl)]);
    expect(new Set(pages).size).toBe(1);
    await expecting(200, buyer.client, 'POST', `/orders/${order.id}/cancel`);
  });

  it('hard case 14: money for a cancelled order goes back in full', async () => {
    const order = await placeOrder(buyer, selling, 1);
    const page = await openPaymentPage(order.checkoutUrl);
    const simulator = new Simulator(platform);
    await simulator.tell('PUT', '/webhooks', { drop: true });
    await press(page, 'pay');
    expect(await buyer.client.post(`/orders/${order.id}/cancel`)).toMatchObject({ status: 200 });
    await simulator.tell('PUT', '/webhooks', {});
    await simulator.tell('POST', '/webhooks/resend');
    const [sum] = await eventually(
      'the money to be back',
      () => simulator.sumsOf(order.id),
      ([one]) => one !== undefined && one.net === 0,
    );
    expect(sum).toMatchObject({ paid: order.total.amount, refunded: order.total.amount });
    expect(sum?.paid).toBeGreaterThan(0);
    const payment = () => expecting(200, buyer.client, 'GET', `/payments/orders/${order.id}`);
    const told = await eventually('the refund to be told', payment, ({ refunded }) => refunded.amount > 0);
    expect(told).toMatchObject({ charged: order.total, refunded: order.total });
    const settled = await eventually(
      'the refund to be over',
      () => read(order.id),
      ({ refunded, refundPending }) => refunded.amount > 0 && refundPending.amount === 0,
    );
    expect(settled).toMatchObject({ status: 'cancelled', refunded: order.total, tickets: [] });
  });

  it('hard case 10: a refund of a cancelled event that came back, and that a person makes in the dashboard, ends the cancellation', async () => {
    const { organizer } = selling;
    const cancelled = await sale(platform, {}, organizer);
    const order = await placeOrder(buyer, cancelled, 1);
    await pay(order.checkoutUrl);
    const { total } = await ended(order.id, 'confirmed');
    const simulator = new Simulator(platform);
    const paymentIntent = await simulator.paymentIntentOf(order.id);
    await simulator.tell('PUT', '/refunds', { begins: 'succeeded', ends: 'failed', afterSeconds: 1, times: 1 });
    await expecting(202, organizer.client, 'POST', `/events/${cancelled.eventId}/cancel`);
    const refunds = () => expecting(200, organizer.client, 'GET', '/mgmt/refunds');
    const follow = () => expecting(200, organizer.client, 'GET', `/events/${cancelled.eventId}/cancellation`);
    await eventually('the case', refunds, ({ data }) => data.some((one: any) => one.orderId === order.id));
    await eventually('the failure', follow, ({ refunds: { failed } }) => failed.count === 1);
    expect((await follow()).doneAt).toBeNull();
    await simulator.refundByHand(paymentIntent, total.amount);
    await eventually('the end', follow, ({ doneAt }) => doneAt !== null);
    expect(await read(order.id)).toMatchObject({
      ...{ status: 'refunded', refunded: total, refundPending: { amount: 0 } },
    });
    expect((await refunds()).data).toEqual([]);
    const { data } = await expecting(200, organizer.client, 'GET', `/orders/${order.id}/timeline`);
    expect(data.filter(({ step }: any) => step.startsWith('refund-')).map(({ step }: any) => step)).toEqual([
      ...['refund-requested', 'refund-succeeded', 'refund-failed', 'refund-succeeded'],
    ]);
  });

  it('a whole purchase still works afterwards', async () => {
    const order = await placeOrder(buyer, await sale(platform, {}, selling.organizer), 1);
    await pay(order.checkoutUrl);
    await ended(order.id, 'confirmed');
  });
});
