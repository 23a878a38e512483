import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { order, SimulatorUnderTest, WEBHOOK_SECRET } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open({ webhookSecrets: [WEBHOOK_SECRET, 'whsec_the_next_one'] });
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.database.asOwner('truncate webhook_delivery, event');
  simulator.receiver.reset();
});

const expireOne = async () => {
  const { id } = await simulator.stripe().checkout.sessions.create(order());
  await simulator.stripe().checkout.sessions.expire(id);
  return id;
};
const deliveries = () =>
  simulator.database.asOwner<{ state: string; attempts: number; last_failure: string | null }>(
    'select state, attempts, last_failure from webhook_delivery order by due_at',
  );
const settled = async (state: string) => {
  for (let tries = 0; tries < 300; tries++, await sleep(10)) {
    const all = await deliveries();
    if (all.length > 0 && all.every((delivery) => delivery.state === state)) return all;
  }
  throw new Error(`Not all are ${state}: ${JSON.stringify(await deliveries())}`);
};

describe('webhooks', () => {
  it('go out at the commit and not when the queue is looked at again', async () => {
    const began = Date.now();
    for (let times = 0; times < 5; times++)
      await simulator.receiver.waitFor('checkout.session.expired', { id: await expireOne() });
    // Five looks, each a second after the last, would take almost five seconds.
    expect(Date.now() - began).toBeLessThan(3_500);
  });

  it('are told as delivered', async () => {
    await expireOne();
    const event = await simulator.receiver.waitFor('checkout.session.expired');
    await settled('delivered');
    expect(await simulator.stripe().events.retrieve(event.id)).toMatchObject({ pending_webhooks: 0, type: event.type });
  });

  it('are signed with every secret, of which any one suffices', async () => {
    await expireOne();
    const event = await simulator.receiver.waitFor('checkout.session.expired');
    const [signature = ''] = simulator.receiver.signatures;
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    const payload = JSON.stringify({ ...event }, null, 2);
    for (const secret of [WEBHOOK_SECRET, 'whsec_the_next_one'])
      expect(Stripe.webhooks.constructEvent(payload, signature, secret).id).toBe(event.id);
    expect(() => Stripe.webhooks.constructEvent(payload, signature, 'whsec_other')).toThrow(/No signatures found/);
    expect(() => Stripe.webhooks.constructEvent(`${payload} `, signature, WEBHOOK_SECRET)).toThrow();
  });

  it('are repeated, the same and soon, until the receiver takes them', async () => {
    simulator.receiver.answer = (_event, response) =>
      void response.writeHead(simulator.receiver.events.length < 3 ? 503 : 200).end();
    await expireOne();
    expect(await settled('delivered')).toMatchObject([{ attempts: 3, last_failure: null }]);
    expect(new Set(simulator.receiver.events.map(({ id }) => id)).size).toBe(1);
    expect(simulator.receiver.events).toHaveLength(3);
  });

  it('count a redirect as a failure', async () => {
    simulator.receiver.answer = (_event, response) => void response.writeHead(302, { location: '/elsewhere' }).end();
    await expireOne();
    await simulator.receiver.waitFor('checkout.session.expired');
    await sleep(50);
    expect(await deliveries()).toMatchObject([{ state: 'pending', last_failure: 'the receiver answered 302' }]);
  });

  it('do not wait for each other: one that hangs does not hold up the next', async () => {
    let letGo = () => {};
    simulator.receiver.answer = (_event, response) => {
      if (simulator.receiver.events.length > 1) response.writeHead(200).end();
      else letGo = () => void response.writeHead(200).end();
    };
    await expireOne();
    await simulator.receiver.waitFor('checkout.session.expired');
    const second = await expireOne();
    await simulator.receiver.waitFor('checkout.session.expired', { id: second });
    expect((await deliveries()).map(({ state }) => state)).toContain('pending');
    letGo();
    await settled('delivered');
  });

  it('are given up three days after the event', async () => {
    simulator.receiver.answer = (_event, response) => void response.writeHead(500).end();
    await expireOne();
    await simulator.database.asOwner('update event set created = created - 3 * 24 * 3600');
    await settled('abandoned');
  });

  it('survive a restart while nobody listened', async () => {
    await simulator.receiver.close();
    const id = await expireOne();
    await simulator.stop();
    await simulator.receiver.listen();
    await simulator.start();
    await simulator.receiver.waitFor('checkout.session.expired', { id });
  });

  it('that a killed process had taken go out as soon as the next one starts', async () => {
    await expireOne();
    await settled('delivered');
    await simulator.stop();
    await simulator.database.asOwner(
      `update webhook_delivery set state = 'pending', claimed_until = now() + interval '15 seconds', due_at = now()`,
    );
    simulator.receiver.reset();
    await simulator.start();
    await simulator.receiver.waitFor('checkout.session.expired');
  });

  it('are listed as events by type', async () => {
    const intent = await simulator.buy();
    const { data } = await simulator.stripe().events.list({ types: ['payment_intent.succeeded', 'refund.created'] });
    expect(data).toMatchObject([{ type: 'payment_intent.succeeded', data: { object: { id: intent.id } } }]);
  });
});
