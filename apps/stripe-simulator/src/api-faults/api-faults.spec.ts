import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { order, SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
beforeAll(async () => void (simulator = await SimulatorUnderTest.open()));
afterAll(() => simulator.close());
beforeEach(async () => void (await simulator.admin('POST', '/reset')));

const add = (fault: object) => simulator.admin('POST', '/faults', fault);
const struck = async () => (await simulator.admin('GET', '/faults')).answer.map((fault: any) => fault.struck);
const create = (idempotencyKey: string, client = simulator.stripe()) =>
  client.checkout.sessions.create(order(), { idempotencyKey });
const countSessions = async () =>
  Number((await simulator.database.asOwner<{ n: number }>('select count(*) as n from checkout_session'))[0]?.n);

describe('an error on command', () => {
  it('meets every call until it is taken back', async () => {
    const { id } = (await add({ fault: 'error' })).answer;
    const stripe = simulator.stripe();
    await expect(create('e')).rejects.toMatchObject({ statusCode: 500, rawType: 'api_error' });
    await expect(stripe.events.list()).rejects.toMatchObject({ statusCode: 500 });
    expect(await struck()).toEqual([2]);
    expect((await simulator.admin('DELETE', `/faults/${id}`)).answer).toMatchObject({ id, struck: 2 });
    await expect(stripe.events.list()).resolves.toMatchObject({ object: 'list' });
  });

  it('meets the next calls and then no more', async () => {
    await add({ fault: 'error', status: 503, times: 2 });
    for (let times = 0; times < 2; times++)
      await expect(simulator.stripe().events.list()).rejects.toMatchObject({ statusCode: 503 });
    await expect(simulator.stripe().events.list()).resolves.toMatchObject({ object: 'list' });
  });

  it('does nothing and spends no Idempotency-Key', async () => {
    await add({ fault: 'error', times: 1 });
    const before = await countSessions();
    await expect(create('unspent')).rejects.toMatchObject({ statusCode: 500 });
    expect(await countSessions()).toBe(before);
    expect((await create('unspent')).lastResponse.headers['idempotent-replayed']).toBeUndefined();
  });

  it('can be for a method and a pattern of paths', async () => {
    const { id } = await create('pattern');
    await add({ fault: 'error', method: 'POST', path: '/v1/checkout/sessions/*/expire' });
    const { sessions } = simulator.stripe().checkout;
    await expect(sessions.expire(id)).rejects.toMatchObject({ statusCode: 500 });
    await expect(sessions.retrieve(id)).resolves.toMatchObject({ status: 'open' });
    await expect(create('another')).resolves.toMatchObject({ status: 'open' });
    await add({ fault: 'error', method: 'POST', path: '/v1/events' });
    // A point is a point.
    await add({ fault: 'error', path: '/v1/.vents' });
    await expect(simulator.stripe().events.list()).resolves.toMatchObject({ object: 'list' });
  });

  it("leaves the hosted page and the supervisor's questions alone", async () => {
    const { id } = await create('page');
    await add({ fault: 'error' });
    expect((await simulator.page(id)).status).toBe(200);
    expect((await fetch(`${simulator.url}/health/ready`)).status).toBe(200);
  });
});

describe('an answer that does not come', () => {
  it('is of work that was done once, and comes when the same request is made again', async () => {
    await add({ fault: 'silence', times: 1 });
    const before = await countSessions();
    await expect(create('silent', simulator.stripe({ timeout: 400 }))).rejects.toMatchObject({
      type: 'StripeConnectionError',
    });
    expect(await countSessions()).toBe(before + 1);
    const again = await create('silent');
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await countSessions()).toBe(before + 1);
  });

  it('comes later, if it was told to', async () => {
    await add({ fault: 'silence', seconds: 0.5, times: 1 });
    const began = Date.now();
    await expect(create('late')).resolves.toMatchObject({ status: 'open' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(490);
  });

  it('does not keep the simulator from stopping', async () => {
    await add({ fault: 'silence', times: 1 });
    const waiting = create('stopping').catch((error: unknown) => error);
    await eventually(async () => expect(await struck()).toEqual([1]));
    await sleep(100);
    const began = Date.now();
    await simulator.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ type: 'StripeConnectionError' });
    await simulator.start();
  });
});

describe('a slow API', () => {
  it('does the work late, also for a client that has gone', async () => {
    await add({ fault: 'slow', seconds: 1.5, times: 2 });
    const before = await countSessions();
    const began = Date.now();
    const patient = create('slow');
    await sleep(300);
    expect(await countSessions()).toBe(before);
    await patient;
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_490);
    await expect(create('too slow', simulator.stripe({ timeout: 200 }))).rejects.toThrow();
    await eventually(async () => expect(await countSessions()).toBe(before + 2));
  });
});

describe('an API that is away', () => {
  it('resets connections and does nothing', async () => {
    // Stripe's client tries again once by itself.
    await add({ fault: 'reset', times: 2 });
    const before = await countSessions();
    await expect(create('reset')).rejects.toMatchObject({
      type: 'StripeConnectionError',
      detail: { code: 'ECONNRESET' },
    });
    expect(await countSessions()).toBe(before);
    await expect(create('reset')).resolves.toMatchObject({ status: 'open' });
  });

  it('refuses connections until it is told to be there again', async () => {
    expect((await simulator.admin('PUT', '/port', { open: false })).answer).toEqual({ open: false });
    await expect(create('refused')).rejects.toMatchObject({ detail: { code: 'ECONNREFUSED' } });
    expect((await simulator.admin('PUT', '/port', { open: true })).answer).toEqual({ open: true });
    await expect(create('refused')).resolves.toMatchObject({ status: 'open' });
  });

  it('comes back by itself, if it was told for how long to be away', async () => {
    await simulator.admin('PUT', '/port', { open: false, seconds: 2 });
    await expect(fetch(simulator.url)).rejects.toThrow();
    await eventually(async () => expect((await fetch(simulator.url)).status).toBe(200));
  });

  it('sends webhooks all the same', async () => {
    const { id } = await create('webhooks');
    await simulator.database.asOwner('update checkout_session set expires_at = unix_now() where id = $1', [id]);
    await simulator.admin('PUT', '/port', { open: false });
    await simulator.receiver.waitFor('checkout.session.expired', { id });
  });

  it('breaks off the calls that are under way', async () => {
    await add({ fault: 'silence' });
    const waiting = create('under way').catch((error: unknown) => error);
    await eventually(async () => expect(await struck()).toEqual([1]));
    const began = Date.now();
    await simulator.admin('PUT', '/port', { open: false });
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ type: 'StripeConnectionError' });
  });

  it('can be stopped while it is away, and then stays away', async () => {
    const { url } = simulator;
    await simulator.admin('PUT', '/port', { open: false, seconds: 1 });
    await simulator.stop();
    await sleep(1_200);
    await expect(fetch(url)).rejects.toThrow();
    await simulator.start();
    await expect(create('restarted')).resolves.toMatchObject({ status: 'open' });
  });
});
