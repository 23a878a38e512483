import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@app/http';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway } from '../testing/open-gateway.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';
import { Limits } from './limits.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const bob = '0190a6e0-0000-7000-8000-000000000002';
const tokens = new AccessTokens('key-1');
const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const service of open.splice(0).reverse()) await service.close();
});

async function start(environment: Record<string, string>): Promise<RunningService> {
  const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
  const ticketApi = await openTicketApi(published);
  const gateway = await openGateway({
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: ticketApi.url,
    NOTIFICATION_SERVICE_URL: ticketApi.url,
    ...environment,
  });
  open.push(ticketApi, gateway);
  return gateway;
}

describe('limits', () => {
  it('of an address stop what is too much, tell where one stands and when to come back', async () => {
    const { url } = await start({ RATE_LIMIT_ADDRESS: '3' });
    const events = () => ask(`${url}/api/v1/events`);
    const first = await events();
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"address";r=2;t=\d+$/);
    await Promise.all([events(), events()]);
    const refused = await events();
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    expect((await ask(`${url}/health/live`)).status).toBe(200);
  });

  it('of a caller follow the person, not the address', async () => {
    const { url } = await start({ RATE_LIMIT_CALLER: '2' });
    const as = async (user: string) => ({ headers: { authorization: `Bearer ${await tokens.sign(user)}` } });
    const profile = async (user: string) => (await ask(`${url}/api/v1/users/me`, await as(user))).status;
    expect([await profile(ada), await profile(ada), await profile(ada), await profile(bob)]).toEqual([
      200, 200, 429, 200,
    ]);
    const both = await ask(`${url}/api/v1/users/me`, await as(bob));
    expect(both.headers.get('ratelimit-policy')).toBe('"address";q=6000;w=60, "caller";q=2;w=60');
  });

  it('of signing in are apart from the rest', async () => {
    const { url } = await start({ RATE_LIMIT_AUTH: '1' });
    const signIn = async () =>
      (await ask(`${url}/api/v1/auth/signin`, json({ email: 'a@b.example', password: 'x' }))).status;
    expect([await signIn(), await signIn()]).toEqual([200, 429]);
    expect((await ask(`${url}/api/v1/events`)).status).toBe(200);
  });

  it('zero is off', async () => {
    const { url } = await start({ RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_CALLER: '0', RATE_LIMIT_AUTH: '0' });
    expect((await ask(`${url}/api/v1/events`)).headers.has('ratelimit')).toBe(false);
  });

  it('let a rush from one address through as they come', async () => {
    const { url } = await start({});
    const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
    const headers = { authorization: `Bearer ${await tokens.sign(ada)}` };
    const place = async () => (await ask(`${url}/api/v1/orders`, json(order, headers))).status;
    const statuses = await Promise.all(Array.from({ length: 200 }, place));
    expect(new Set(statuses)).toEqual(new Set([201]));
  });

  it('only a trusted proxy may say whom it speaks for', async () => {
    const from = (url: string, address: string) =>
      ask(`${url}/api/v1/events`, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);
    const untrusting = await start({ RATE_LIMIT_ADDRESS: '1' });
    expect([await from(untrusting.url, '10.0.0.1'), await from(untrusting.url, '10.0.0.2')]).toEqual([200, 429]);
    const trusting = await start({ RATE_LIMIT_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' });
    expect([await from(trusting.url, '10.0.0.1'), await from(trusting.url, '10.0.0.2')]).toEqual([200, 200]);
    expect(await from(trusting.url, '10.0.0.1')).toBe(429);
  });
});

/** Both ways of counting behave alike; Redis takes part where the environment names one. */
const stores = [
  ['memory', undefined],
  ['Redis that is away', { url: 'redis://127.0.0.1:1', prefix: 'spec:' }],
  // `npm run test:services` names it, and fails if it does not answer.
  ...(process.env['TEST_REDIS_URL']
    ? [['Redis', { url: process.env['TEST_REDIS_URL'], prefix: `spec:${process.pid}:` }]]
    : []),
] as [string, { url: string; prefix: string } | undefined][];

describe.each(stores)('counting in %s', (_, redis) => {
  it('knows each key apart, and every one of many at once', async () => {
    const limits = new Limits({ limits: { address: 10, caller: 0, auth: 0 }, redis });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const counted = await Promise.all(Array.from({ length: 15 }, () => limits.count('address', 'a')));
    expect(counted.filter((standing) => standing?.exceeded)).toHaveLength(5);
    expect(await limits.count('address', 'b')).toMatchObject({ exceeded: false, remaining: 9, quota: 10 });
    expect(await limits.count('caller', 'a')).toBeUndefined();
    limits.onApplicationShutdown();
  });
});
