import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { order, SimulatorUnderTest } from '../../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
beforeAll(async () => void (simulator = await SimulatorUnderTest.open()));
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.admin('POST', '/reset');
  await simulator.database.asOwner('truncate webhook_delivery, event');
  simulator.receiver.reset();
});

const expireOne = async () => {
  const { id } = await simulator.stripe().checkout.sessions.create(order());
  await simulator.stripe().checkout.sessions.expire(id);
  return id;
};
const set = (settings: object) => simulator.admin('PUT', '/webhooks', settings);
const received = () => simulator.receiver.events;
const told = async (query = '') => (await simulator.admin('GET', `/webhooks${query}`)).answer;

describe('webhooks that go astray', () => {
  it('come as many times as they were told to, each signed', async () => {
    await set({ copies: 5 });
    const { id } = await simulator.buy();
    await eventually(() => expect(received()).toHaveLength(10));
    await eventually(async () => expect((await told()).counts).toMatchObject({ delivered: 2, pending: 0 }));
    expect(simulator.receiver.signatures).toHaveLength(10);
    const completed = simulator.receiver.ofType('checkout.session.completed');
    expect(completed.map(({ data }) => data.object.payment_intent)).toEqual(Array(5).fill(id));
    expect(new Set(completed.map((event) => event.id)).size).toBe(1);
  });

  it('come again, all copies, when one of them was refused', async () => {
    await set({ copies: 3 });
    simulator.receiver.answer = (_event, response) =>
      void response.writeHead(received().length === 2 ? 500 : 200).end();
    await expireOne();
    await eventually(async () => expect((await told()).counts.delivered).toBe(1));
    expect(received()).toHaveLength(6);
    expect((await told()).deliveries).toMatchObject([{ attempts: 2, copies: 3, type: 'checkout.session.expired' }]);
  });

  it('come later, and meanwhile the provider tells of the event to whoever asks', async () => {
    await set({ delaySeconds: 3600 });
    const late = await expireOne();
    await set({});
    await simulator.receiver.waitFor('checkout.session.expired', { id: await expireOne() });
    expect(received()).toHaveLength(1);
    const { data } = await simulator.stripe().events.list({ type: 'checkout.session.expired' });
    expect(data.map(({ pending_webhooks }) => pending_webhooks)).toContain(1);
    await simulator.database.asOwner(`update webhook_delivery set due_at = due_at - interval '1 hour'`);
    await simulator.receiver.waitFor('checkout.session.expired', { id: late });
  });

  it('change places within a batch', async () => {
    await set({ shuffleSeconds: 2 });
    const sent: string[] = [];
    for (let times = 0; times < 12; times++) sent.push(await expireOne());
    await eventually(() => expect(received()).toHaveLength(12));
    const came = received().map(({ data }) => (data.object as { id: string }).id);
    expect(new Set(came)).toEqual(new Set(sent));
    // By chance they keep their places once in 12! batches.
    expect(came).not.toEqual(sent);
  });

  it('are lost until somebody has them sent again, and the provider still knows what happened', async () => {
    await set({ drop: true });
    const lost = [await expireOne(), await expireOne()];
    await set({});
    await simulator.receiver.waitFor('checkout.session.expired', { id: await expireOne() });
    expect(received()).toHaveLength(1);
    expect((await told('?state=dropped')).deliveries).toHaveLength(2);
    expect((await simulator.stripe().events.list({ type: 'checkout.session.expired' })).data).toHaveLength(3);
    for (const id of lost)
      expect(await simulator.stripe().checkout.sessions.retrieve(id)).toMatchObject({ status: 'expired' });
    expect((await simulator.admin('POST', '/webhooks/resend')).answer).toEqual({ resent: 2 });
    for (const id of lost) await simulator.receiver.waitFor('checkout.session.expired', { id });
    expect((await simulator.admin('POST', '/webhooks/resend')).answer).toEqual({ resent: 0 });
  });

  it('stay lost when the simulator starts again', async () => {
    await set({ drop: true });
    await expireOne();
    await simulator.stop();
    await simulator.start();
    await simulator.receiver.waitFor('checkout.session.expired', { id: await expireOne() });
    expect(received()).toHaveLength(1);
    expect((await told()).counts).toMatchObject({ dropped: 1 });
  });

  it('are sent once more by their ids, also those that had been delivered', async () => {
    await expireOne();
    const event = await simulator.receiver.waitFor('checkout.session.expired');
    await eventually(async () => expect((await told()).counts.delivered).toBe(1));
    const again = { events: [event.id] };
    expect((await simulator.admin('POST', '/webhooks/resend', again)).answer).toEqual({ resent: 1 });
    await eventually(() => expect(received()).toHaveLength(2));
    expect(new Set(received().map(({ id }) => id)).size).toBe(1);
  });

  it('can be those of some types only', async () => {
    await set({ drop: true, types: ['checkout.session.completed'] });
    await simulator.buy();
    await simulator.receiver.waitFor('payment_intent.succeeded');
    await sleep(200);
    expect(received().map(({ type }) => type)).toEqual(['payment_intent.succeeded']);
  });

  it('behave again after a reset', async () => {
    await set({ copies: 5, delaySeconds: 3600, drop: true });
    await simulator.admin('POST', '/reset');
    await simulator.receiver.waitFor('checkout.session.expired', { id: await expireOne() });
    await eventually(async () => expect((await told()).counts.delivered).toBe(1));
    expect(received()).toHaveLength(1);
  });
});
