import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { order, SECRET_KEY, SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
});
afterAll(() => simulator.close());

const call = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${simulator.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as never };
};
const bearer = { authorization: `Bearer ${SECRET_KEY}` };
const form = { ...bearer, 'content-type': 'application/x-www-form-urlencoded' };

describe('the secret key', () => {
  it('is asked for', async () => {
    const { status, headers, body } = await call('/v1/account');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="Stripe"');
    expect(body).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('is compared, and a wrong one is not repeated in the answer', async () => {
    const stripe = simulator.stripe({ key: 'sk_test_wrongwrongwrong' });
    await expect(stripe.accounts.retrieveCurrent()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
      message: 'Invalid API Key provided: sk_test_****rong',
    });
  });

  it('is taken as the user of basic authentication too', async () => {
    const authorization = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}`;
    expect(await call('/v1/account', { headers: { authorization } })).toMatchObject({ status: 200 });
  });

  it('opens the account', async () => {
    expect(await simulator.stripe().accounts.retrieveCurrent()).toMatchObject({
      object: 'account',
      charges_enabled: true,
    });
  });
});

describe('what cannot be answered', () => {
  it('is said of a path that the simulator does not have', async () => {
    const { status, body } = await call('/v1/customers?x=1', { headers: bearer });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('Unrecognized request URL (GET: /v1/customers)'),
      },
    });
  });

  it.each([
    ['JSON', { 'content-type': 'application/json' }, '{}', 400],
    ['unbalanced brackets', {}, 'a[=1', 400],
    ['a NUL character', {}, 'mode=%00', 400],
    ['a huge body', {}, `a=${'x'.repeat(1_100_000)}`, 413],
  ])('is said of a body with %s', async (_name, headers, body, status) => {
    const answer = await call('/v1/checkout/sessions', { method: 'POST', headers: { ...form, ...headers }, body });
    expect(answer).toMatchObject({ status, body: { error: { type: 'invalid_request_error' } } });
  });

  it.each([
    ['checkout.session', 'session', () => simulator.stripe().checkout.sessions.retrieve('cs_test_none')],
    ['payment_intent', 'intent', () => simulator.stripe().paymentIntents.retrieve('pi_none')],
    ['refund', 'id', () => simulator.stripe().refunds.retrieve('re_none')],
    ['event', 'id', () => simulator.stripe().events.retrieve('evt_none')],
  ])('is said of a %s that does not exist', async (kind, param, retrieve) => {
    await expect(retrieve()).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 404,
      code: 'resource_missing',
      param,
      message: expect.stringMatching(new RegExp(`^No such ${kind}: '\\w+_none'$`)),
    });
  });
});

describe('an address that cannot be read', () => {
  it.each(['/v1/refunds?a[=1', '/v1/refunds?limit=%zz', '/v1/refunds/%zz', `/v1/refunds/${'x'.repeat(2_000)}`])(
    'is an error in the shape of Stripe: %s',
    async (path) => {
      const { status, body } = await call(path, { headers: bearer });
      expect([400, 404]).toContain(status);
      expect(body).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );
});

describe('lists', () => {
  it('are paged by the client, newest first, each object once', async () => {
    const stripe = simulator.stripe();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await stripe.checkout.sessions.create(order())).id);
    const listed: string[] = [];
    for await (const session of stripe.checkout.sessions.list({ limit: 2 })) listed.push(session.id);
    expect(listed).toEqual(made);
  });

  it('are filtered by status and time', async () => {
    const stripe = simulator.stripe();
    const { id, created } = await stripe.checkout.sessions.create(order());
    await stripe.checkout.sessions.expire(id);
    const expired = await stripe.checkout.sessions.list({ status: 'expired', created: { gte: created } });
    expect(expired.data.map((session) => session.id)).toEqual([id]);
    expect((await stripe.checkout.sessions.list({ created: { gt: created + 60 } })).data).toEqual([]);
  });

  it.each([
    [{ limit: 0 }, 'limit'],
    [{ limit: 101 }, 'limit'],
    [{ starting_after: 'cs_test_none' }, 'starting_after'],
    [{ customer: 'cus_1' }, 'customer'],
  ])('refuse %j', async (parameters, param) => {
    await expect(simulator.stripe().checkout.sessions.list(parameters)).rejects.toMatchObject({ param });
  });
});

describe('expanding', () => {
  it('puts objects in the place of their ids, as deeply as asked', async () => {
    const stripe = simulator.stripe();
    const { id } = await simulator.buy();
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] });
    expect(intent.latest_charge).toMatchObject({
      object: 'charge',
      payment_intent: id,
      balance_transaction: { object: 'balance_transaction', amount: 9000 },
    });
  });

  it('works inside lists and includes line items', async () => {
    await simulator.buy();
    const { data } = await simulator.stripe().checkout.sessions.list({
      status: 'complete',
      expand: ['data.line_items', 'data.payment_intent'],
    });
    expect(data[0]).toMatchObject({
      line_items: { object: 'list', data: [{ object: 'item', quantity: 2, amount_total: 9000 }] },
      payment_intent: { object: 'payment_intent', status: 'succeeded' },
    });
  });

  it.each(['nothing', 'id', 'metadata', 'payment_intent.nothing', '__proto__'])('refuses %s', async (path) => {
    const { id } = await simulator.buy();
    const { data } = await simulator.stripe().checkout.sessions.list({ payment_intent: id });
    const expanded = simulator.stripe().checkout.sessions.retrieve(String(data[0]?.id), { expand: [path] });
    await expect(expanded).rejects.toMatchObject({ statusCode: 400, param: 'expand' });
  });
});

describe('health', () => {
  it.each(['/health', '/health/live', '/health/ready', '/health/startup'])('%s is up', async (path) => {
    expect(await call(path)).toMatchObject({ status: 200, body: { status: 'up' } });
  });
});
