import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { order, SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;
let paymentIntent: string;
let charge: string;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
  stripe = simulator.stripe();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  const intent = await simulator.buy();
  paymentIntent = intent.id;
  charge = String(intent.latest_charge);
});

const open = (facts: object = { paymentIntent }) => simulator.admin('POST', '/disputes', facts);
const close = (id: string, outcome: string) => simulator.admin('POST', `/disputes/${id}/close`, { outcome });
const movements = async (source: string) =>
  (await stripe.balanceTransactions.list({ source })).data.map(({ type, reporting_category, amount }) => ({
    type,
    reporting_category,
    amount,
  }));
const WITHDRAWN = { type: 'adjustment', reporting_category: 'dispute', amount: -9000 };
const REINSTATED = { type: 'adjustment', reporting_category: 'dispute_reversal', amount: 9000 };

describe('a dispute', () => {
  it('takes the money, is told by webhooks and shown by the API', async () => {
    const { status, answer } = await open({ paymentIntent, reason: 'product_not_received' });
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      object: 'dispute',
      amount: 9000,
      currency: 'eur',
      charge,
      payment_intent: paymentIntent,
      reason: 'product_not_received',
      status: 'needs_response',
      balance_transactions: [{ amount: -9000, net: -9000, source: answer.id }],
    });
    const created = await simulator.receiver.waitFor('charge.dispute.created', { id: answer.id });
    expect(created.data.object).toMatchObject({ charge, status: 'needs_response', balance_transactions: [] });
    const withdrawn = await simulator.receiver.waitFor('charge.dispute.funds_withdrawn', { id: answer.id });
    expect(withdrawn.data.object.balance_transactions).toMatchObject([{ amount: -9000 }]);
    expect(await stripe.disputes.retrieve(answer.id)).toMatchObject(answer);
    expect(await movements(answer.id)).toEqual([WITHDRAWN]);
    const { latest_charge } = await stripe.paymentIntents.retrieve(paymentIntent, { expand: ['latest_charge'] });
    expect(latest_charge).toMatchObject({ disputed: true });
  });

  it('that is won brings the money back', async () => {
    const { id } = (await open()).answer;
    expect((await close(id, 'won')).answer).toMatchObject({ status: 'won' });
    const closed = await simulator.receiver.waitFor('charge.dispute.closed', { id });
    expect(closed.data.object.status).toBe('won');
    const reinstated = await simulator.receiver.waitFor('charge.dispute.funds_reinstated', { id });
    expect(reinstated.data.object.balance_transactions).toMatchObject([{ amount: -9000 }, { amount: 9000 }]);
    expect(await movements(id)).toEqual([REINSTATED, WITHDRAWN]);
  });

  it('that is lost brings nothing back', async () => {
    const { id } = (await open({ charge })).answer;
    await close(id, 'lost');
    expect((await simulator.receiver.waitFor('charge.dispute.closed', { id })).data.object.status).toBe('lost');
    expect(await movements(id)).toEqual([WITHDRAWN]);
    const told = await stripe.events.list({ type: 'charge.dispute.funds_reinstated' });
    expect(told.data.filter(({ data }) => (data.object as { id: string }).id === id)).toEqual([]);
  });

  it('is closed once', async () => {
    const { id } = (await open()).answer;
    const verdicts = await Promise.all([close(id, 'won'), close(id, 'lost'), close(id, 'won')]);
    expect(verdicts.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await close(id, 'won')).toMatchObject({ status: 409, answer: { error: expect.stringContaining('closed') } });
  });

  it('is opened once for a charge, however many ask at once', async () => {
    const answers = await Promise.all([open(), open({ charge }), open()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await stripe.disputes.list({ charge })).data).toHaveLength(1);
  });

  it('is about what was not refunded, or about the amount that is named', async () => {
    await stripe.refunds.create({ payment_intent: paymentIntent, amount: 2500 });
    expect((await open()).answer).toMatchObject({ amount: 6500 });
    const other = await simulator.buy();
    expect((await open({ paymentIntent: other.id, amount: 9001 })).status).toBe(409);
    await stripe.refunds.create({ payment_intent: other.id });
    expect(await open({ paymentIntent: other.id })).toMatchObject({ status: 409 });
    expect((await open({ paymentIntent: other.id, amount: 9000 })).answer).toMatchObject({ amount: 9000 });
  });

  it('needs a payment that brought money', async () => {
    const { id } = await stripe.checkout.sessions.create(order());
    await simulator.press(id, 'decline');
    const refused = String((await stripe.checkout.sessions.retrieve(id)).payment_intent);
    expect(await open({ paymentIntent: refused })).toMatchObject({
      status: 409,
      answer: { error: expect.stringContaining('brought no money') },
    });
  });

  it('keeps its charge from being refunded too, unless it was won', async () => {
    const { id } = (await open()).answer;
    const refund = () => stripe.refunds.create({ payment_intent: paymentIntent });
    await expect(refund()).rejects.toMatchObject({ statusCode: 400, code: 'charge_disputed' });
    await close(id, 'won');
    await expect(refund()).resolves.toMatchObject({ status: 'succeeded' });
  });

  it('is listed by charge and payment intent, page by page, and expanded', async () => {
    const { id } = (await open()).answer;
    await open({ paymentIntent: (await simulator.buy()).id });
    for (const filter of [{ charge }, { payment_intent: paymentIntent }])
      expect((await stripe.disputes.list(filter)).data).toMatchObject([
        { id, balance_transactions: [{ amount: -9000 }] },
      ]);
    const first = await stripe.disputes.list({ limit: 1, expand: ['data.charge'] });
    expect(first).toMatchObject({ has_more: true, data: [{ charge: { object: 'charge', disputed: true } }] });
    const second = await stripe.disputes.list({ limit: 1, starting_after: first.data[0]!.id });
    expect(second.data).toMatchObject([{ id }]);
    await expect(stripe.disputes.retrieve('du_none')).rejects.toMatchObject({ statusCode: 404 });
    const { data } = await stripe.balanceTransactions.list({ source: id, expand: ['data.source'] });
    expect(data[0]?.source).toMatchObject({ object: 'dispute', id });
  });
});
