import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { order, SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
  stripe = simulator.stripe();
});
afterAll(() => simulator.close());

describe('refunds', () => {
  it('give everything back unless an amount is named', async () => {
    const { id } = await simulator.buy();
    const refund = await stripe.refunds.create({
      payment_intent: id,
      reason: 'requested_by_customer',
      metadata: { refund_id: '1' },
    });
    expect(refund).toMatchObject({
      object: 'refund',
      amount: 9000,
      currency: 'eur',
      payment_intent: id,
      status: 'succeeded',
      reason: 'requested_by_customer',
      metadata: { refund_id: '1' },
    });
    expect(await stripe.refunds.retrieve(refund.id)).toEqual(refund);
    expect((await simulator.receiver.waitFor('refund.created', { id: refund.id })).data.object.amount).toBe(9000);
    expect(
      (await simulator.receiver.waitFor('charge.refunded', { id: String(refund.charge) })).data.object,
    ).toMatchObject({
      refunded: true,
      amount_refunded: 9000,
      payment_intent: id,
    });
  });

  it('are made in the dashboard, too: in part or in whole, known by no metadata', async () => {
    const { id } = await simulator.buy();
    const byHand = (wish: object) => simulator.admin('POST', '/refunds', { paymentIntent: id, ...wish });
    const part = await byHand({ amount: 1000 });
    expect(part).toMatchObject({
      status: 200,
      answer: { object: 'refund', amount: 1000, payment_intent: id, status: 'succeeded', metadata: {} },
    });
    const { request } = await simulator.receiver.waitFor('refund.created', { id: part.answer.id });
    expect(request).toMatchObject({ id: null, idempotency_key: null });
    expect(await byHand({})).toMatchObject({ status: 200, answer: { amount: 8000 } });
    expect(await byHand({})).toEqual({
      status: 400,
      answer: { error: expect.stringContaining('has already been refunded') },
    });
    expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(2);
  });

  it('can come in parts up to what was paid', async () => {
    const { id } = await simulator.buy();
    await stripe.refunds.create({ payment_intent: id, amount: 4500 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 4501 })).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'invalid_request_error',
      param: 'amount',
      message: 'Refund amount (€45.01) is greater than unrefunded amount on charge (€45.00)',
    });
    await stripe.refunds.create({ payment_intent: id, amount: 4500 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 1 })).rejects.toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    });
    const { data } = await stripe.refunds.list({ payment_intent: id });
    expect(data.map(({ amount }) => amount)).toEqual([4500, 4500]);
  });

  it('never give back more than was paid, however many ask at once', async () => {
    const { id } = await simulator.buy();
    const asked = Array.from({ length: 12 }, () => stripe.refunds.create({ payment_intent: id, amount: 1000 }));
    const answers = await Promise.allSettled(asked);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(9);
    const { latest_charge } = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(latest_charge).toMatchObject({ amount_refunded: 9000, refunded: true });
  });

  it('happen once for an Idempotency-Key', async () => {
    const { id } = await simulator.buy();
    const refund = () =>
      stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: `refund-${id}` });
    expect((await refund()).id).toBe((await refund()).id);
    expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(1);
  });

  it('need a payment that succeeded', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await simulator.press(id, 'decline');
    const intent = String((await stripe.checkout.sessions.retrieve(id)).payment_intent);
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      statusCode: 400,
      message: `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
    });
  });

  it.each<[object, object]>([
    [{ payment_intent: 'pi_none' }, { statusCode: 404, code: 'resource_missing', param: 'payment_intent' }],
    [
      { payment_intent: 'pi_none', amount: 0 },
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [{ payment_intent: 'pi_none', reason: 'mood' }, { param: 'reason' }],
    [{ amount: 100 }, { code: 'parameter_missing', param: 'payment_intent' }],
  ])('refuse %j', async (parameters, error) => {
    await expect(stripe.refunds.create(parameters)).rejects.toMatchObject(error);
  });
});

describe('the ledger', () => {
  it('has one movement for each charge and each refund, which add up', async () => {
    const { id, latest_charge } = await simulator.buy();
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 2500 });
    const [out, into] = await Promise.all(
      [refund.id, String(latest_charge)].map(
        async (source) => (await stripe.balanceTransactions.list({ source })).data,
      ),
    );
    expect(out).toMatchObject([{ amount: -2500, net: -2500, type: 'refund', currency: 'eur', source: refund.id }]);
    expect(into).toMatchObject([{ amount: 9000, net: 9000, fee: 0, type: 'charge', status: 'pending' }]);
  });

  it('is listed by kind with what moved the money', async () => {
    const { data } = await stripe.balanceTransactions.list({ type: 'refund', limit: 1, expand: ['data.source'] });
    expect(data[0]?.source).toMatchObject({ object: 'refund' });
  });
});
