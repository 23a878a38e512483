import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { order, SimulatorUnderTest } from '../../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
  stripe = simulator.stripe();
});
afterAll(() => simulator.close());

const ledger = async (query = '') => (await simulator.admin('GET', `/ledger${query}`)).answer;
const of = async (paymentIntent: string) => (await ledger(`?paymentIntent=${paymentIntent}`)).payments[0];
const yen = { currency: 'jpy', unit_amount: 3500, product_data: { name: 'Seat' } };

describe("the simulator's sums", () => {
  it('are what was paid, refunded and disputed of each payment, to the cent', async () => {
    const metadata = { order_id: 'o-1' };
    const { id } = await simulator.buy({ payment_intent_data: { metadata } });
    await stripe.refunds.create({ payment_intent: id, amount: 1 });
    expect(await of(id)).toEqual({
      paymentIntent: id,
      currency: 'eur',
      paid: 9000,
      refunded: 1,
      disputed: 0,
      net: 8999,
      metadata,
    });
    const dispute = (await simulator.admin('POST', '/disputes', { paymentIntent: id, amount: 4000 })).answer;
    expect(await of(id)).toMatchObject({ refunded: 1, disputed: 4000, net: 4999 });
    await simulator.admin('POST', `/disputes/${dispute.id}/close`, { outcome: 'won' });
    expect(await of(id)).toMatchObject({ refunded: 1, disputed: 0, net: 8999 });
  });

  it('leave out refunds that failed and payments that brought nothing', async () => {
    const { id } = await simulator.buy();
    const refund = await stripe.refunds.create({ payment_intent: id });
    expect(await of(id)).toMatchObject({ refunded: 9000, net: 0 });
    await simulator.admin('POST', `/refunds/${refund.id}/fail`, {});
    expect(await of(id)).toMatchObject({ refunded: 0, net: 9000 });
    const session = await stripe.checkout.sessions.create(order());
    await simulator.press(session.id, 'decline');
    expect(await of(String((await stripe.checkout.sessions.retrieve(session.id)).payment_intent))).toBeUndefined();
  });

  it('equal the balance and the movements that the API lists, for each currency', async () => {
    const { id } = await simulator.buy({ line_items: [{ quantity: 1, price_data: yen }] });
    await stripe.refunds.create({ payment_intent: id, amount: 500 });
    await simulator.admin('POST', '/disputes', { paymentIntent: id });
    const { balance, payments } = await ledger();
    expect(balance.jpy).toBe(0);
    for (const currency of ['eur', 'jpy']) {
      const net = payments
        .filter((payment: { currency: string }) => payment.currency === currency)
        .reduce((sum: number, payment: { net: number }) => sum + payment.net, 0);
      let listed = 0;
      for await (const movement of stripe.balanceTransactions.list({ currency, limit: 3 })) listed += movement.amount;
      expect([balance[currency], listed]).toEqual([net, net]);
    }
  });

  it('come page by page, oldest first', async () => {
    const all = (await ledger()).payments;
    const first = await ledger('?limit=1');
    expect(first).toMatchObject({ payments: [all[0]], hasMore: true });
    const rest = await ledger(`?after=${first.payments[0].paymentIntent}`);
    expect(rest).toMatchObject({ payments: all.slice(1), hasMore: false });
  });
});
