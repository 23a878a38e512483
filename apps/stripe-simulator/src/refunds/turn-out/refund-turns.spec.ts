import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import type Stripe from 'stripe';
import { SimulatorUnderTest } from '../../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;
let intent: string;

beforeAll(async () => void (simulator = await SimulatorUnderTest.open()));
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.admin('POST', '/reset');
  stripe = simulator.stripe();
  intent = (await simulator.buy()).id;
});

const told = (settings: object) => simulator.admin('PUT', '/refunds', settings);
const refund = (amount?: number) => stripe.refunds.create({ payment_intent: intent, ...(amount && { amount }) });
const becomes = (id: string, status: string) =>
  eventually(async () => {
    const now = await stripe.refunds.retrieve(id);
    expect(now.status).toBe(status);
    return now;
  });
const movements = async (source: string) =>
  (await stripe.balanceTransactions.list({ source })).data.map(({ type, reporting_category, amount }) => ({
    type,
    reporting_category,
    amount,
  }));

describe('a refund that fails late', () => {
  it('succeeds first, then fails, says why and brings the money back', async () => {
    await told({ begins: 'succeeded', ends: 'failed', afterSeconds: 2, failureReason: 'lost_or_stolen_card' });
    const made = await refund(4000);
    expect(made).toMatchObject({ status: 'succeeded', amount: 4000 });
    const failed = await becomes(made.id, 'failed');
    expect(failed).toMatchObject({
      failure_reason: 'lost_or_stolen_card',
      failure_balance_transaction: expect.stringMatching(/^txn_/),
    });
    expect((await simulator.receiver.waitFor('refund.failed', { id: made.id })).data.object).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
      payment_intent: intent,
    });
    await simulator.receiver.waitFor('refund.updated', { id: made.id });
    expect(await movements(made.id)).toEqual([
      { type: 'refund_failure', reporting_category: 'refund_failure', amount: 4000 },
      { type: 'refund', reporting_category: 'refund', amount: -4000 },
    ]);
  });

  it('lets the charge be refunded again', async () => {
    await told({ times: 1, begins: 'succeeded', ends: 'failed', afterSeconds: 0 });
    const { id } = await refund();
    await becomes(id, 'failed');
    const { latest_charge } = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] });
    expect(latest_charge).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(await refund()).toMatchObject({ status: 'succeeded', amount: 9000 });
  });

  it('can be the next ones only', async () => {
    await told({ times: 2, begins: 'succeeded', ends: 'failed', afterSeconds: 0 });
    const made = [await refund(1000), await refund(1000), await refund(1000)];
    for (const { id } of made.slice(0, 2)) await becomes(id, 'failed');
    expect((await stripe.refunds.retrieve(made[2]!.id)).status).toBe('succeeded');
    expect((await simulator.admin('GET', '/')).answer.refunds).toMatchObject({ times: 2, given: 2 });
  });

  it('fails although the simulator was started again meanwhile', async () => {
    await told({ begins: 'succeeded', ends: 'failed', afterSeconds: 1 });
    const { id } = await refund();
    await simulator.stop();
    await simulator.start();
    stripe = simulator.stripe();
    await becomes(id, 'failed');
  });

  it('can be one that was made before anybody thought of it, once', async () => {
    const { id } = await refund();
    const fail = () => simulator.admin('POST', `/refunds/${id}/fail`, { failureReason: 'declined' });
    expect(await fail()).toMatchObject({ status: 200, answer: { id, status: 'failed', failure_reason: 'declined' } });
    expect(await fail()).toEqual({ status: 409, answer: { error: `The refund ${id} has failed already.` } });
    expect(await movements(id)).toHaveLength(2);
  });
});

describe('a refund that is pending for a time', () => {
  it('says so, and succeeds in the end', async () => {
    await told({ begins: 'pending', ends: 'succeeded', afterSeconds: 2 });
    const made = await refund();
    expect(made).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect((await simulator.receiver.waitFor('refund.created', { id: made.id })).data.object.status).toBe('pending');
    await becomes(made.id, 'succeeded');
    const { data } = await simulator.receiver.waitFor('refund.updated', { id: made.id });
    expect(data.object.status).toBe('succeeded');
    expect(await movements(made.id)).toHaveLength(1);
  });

  it('can fail in the end', async () => {
    await told({ begins: 'pending', ends: 'failed', afterSeconds: 0, failureReason: 'declined' });
    const { id } = await refund();
    expect(await becomes(id, 'failed')).toMatchObject({ failure_reason: 'declined' });
  });

  it('keeps its money from being refunded twice', async () => {
    await told({ begins: 'pending', ends: 'succeeded', afterSeconds: 3600 });
    await refund();
    await expect(refund()).rejects.toMatchObject({ code: 'charge_already_refunded' });
  });
});
