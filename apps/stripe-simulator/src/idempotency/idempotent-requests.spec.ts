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

const create = (idempotencyKey: string, changes = {}, client = stripe) =>
  client.checkout.sessions.create(order(changes), { idempotencyKey });
const countSessions = async () =>
  (await simulator.database.asOwner<{ n: number }>('select count(*) as n from checkout_session'))[0]?.n;

describe('an Idempotency-Key', () => {
  it('gives the same answer to the same request and makes nothing twice', async () => {
    const first = await create('same');
    const sessions = await countSessions();
    const second = await create('same');
    expect(second).toEqual(first);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(await countSessions()).toBe(sessions);
  });

  it('refuses other parameters', async () => {
    await create('parameters');
    await expect(create('parameters', { metadata: { a: '1' } })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
      rawType: 'idempotency_error',
      statusCode: 400,
      message: expect.stringContaining('same parameters'),
    });
  });

  it('does not care about the order of the parameters', async () => {
    const first = await create('order', { metadata: { a: '1', b: '2' } });
    expect((await create('order', { metadata: { b: '2', a: '1' } })).id).toBe(first.id);
  });

  it('refuses another endpoint', async () => {
    const { id } = await create('endpoint');
    const other = stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'endpoint' });
    await expect(other).rejects.toMatchObject({ rawType: 'idempotency_error', statusCode: 400 });
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open');
  });

  it('is in use while its first request runs, and free again when that one died', async () => {
    const running = await simulator.holdKey('running');
    await expect(create('running')).rejects.toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await running.die();
    await expect(create('running')).resolves.toMatchObject({ object: 'checkout.session' });
  });

  it('makes one session of twenty requests at once, and every client that retries gets it', async () => {
    const patient = simulator.stripe({ retries: 5 });
    const before = Number(await countSessions());
    const sessions = await Promise.all(Array.from({ length: 20 }, () => create('rush', {}, patient)));
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(1);
    expect(Number(await countSessions())).toBe(before + 1);
  });

  it('repeats a refusal too', async () => {
    const { id } = await create('to be paid');
    const expire = () => stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'refused' });
    await simulator.press(id, 'pay');
    await expect(expire()).rejects.toMatchObject({ statusCode: 400 });
    await expect(expire()).rejects.toMatchObject({
      statusCode: 400,
      headers: expect.objectContaining({ 'idempotent-replayed': 'true' }),
    });
  });

  it('is not spent by parameters that were refused before anything was tried', async () => {
    await expect(create('spent', { success_url: 'nowhere' })).rejects.toMatchObject({ code: 'url_invalid' });
    await expect(create('spent')).resolves.toMatchObject({ status: 'open' });
  });

  it('is forgotten after 24 hours', async () => {
    const first = await create('old');
    await simulator.database.asOwner(
      `update idempotent_request set created_at = now() - interval '24 hours' where key = 'old'`,
    );
    expect((await create('old', { metadata: { a: '1' } })).id).not.toBe(first.id);
  });

  it('survives a restart of the simulator', async () => {
    const first = await create('restart');
    await simulator.stop();
    await simulator.start();
    expect((await create('restart', {}, simulator.stripe())).id).toBe(first.id);
    stripe = simulator.stripe();
  });

  it('has 255 characters at most', async () => {
    await expect(create('x'.repeat(256))).rejects.toMatchObject({ statusCode: 400 });
  });
});
