import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@app/http';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway, type LogLine } from '../testing/open-gateway.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';
import { consume, counterOf } from './counter.js';
import { Limits } from './limits.js';
import { CallerLimitGuard } from './rate-limit.guards.js';

const off = { address: 0, caller: 0, auth: 0, key: 0, tenant: 0 };

const ada = '0190a6e0-0000-7000-8000-000000000001';
const bob = '0190a6e0-0000-7000-8000-000000000002';
const tokens = new AccessTokens('key-1');
const lines: LogLine[] = [];
const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const service of open.splice(0).reverse()) await service.close();
});

async function start(environment: Record<string, string>): Promise<RunningService> {
  const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
  const ticketApi = await openTicketApi(published);
  const given = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: ticketApi.url,
    NOTIFICATION_SERVICE_URL: ticketApi.url,
    ...environment,
  };
  lines.length = 0;
  const gateway = await openGateway(given, lines);
  open.push(ticketApi, gateway);
  return gateway;
}

const limited = (facts: object) => expect.objectContaining({ event: 'request.rate-limited', ...facts });

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
    await events();
    expect(lines).toEqual([limited({ limit: 'address', network: '127.0.0.1' })]);
  });

  it('of a caller follow the person, not the address', async () => {
    const { url } = await start({ RATE_LIMIT_CALLER: '2' });
    const as = async (user: string) => ({ headers: { authorization: `Bearer ${await tokens.sign(user)}` } });
    const profile = async (user: string) => (await ask(`${url}/api/v1/users/me`, await as(user))).status;
    expect([await profile(ada), await profile(ada), await profile(ada), await profile(bob)]).toEqual([
      200, 200, 429, 200,
    ]);
    await profile(ada);
    expect(lines).toEqual([limited({ limit: 'caller', userId: ada })]);
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
    // What a client writes before the proxy's own word counts for nothing.
    expect(await from(trusting.url, '10.9.9.9, 10.0.0.1')).toBe(429);
    expect(await from(trusting.url, '2001:db8:1:2::1')).toBe(200);
    expect(await from(trusting.url, '2001:db8:1:2:ffff::9')).toBe(429);
    expect(await from(trusting.url, '2001:db8:1:3::1')).toBe(200);
  });
});

describe('limits of keys', () => {
  const key = (keyId: string, tenantId: string, own?: number) => ({
    keyId,
    tenantId,
    name: 'till',
    scopes: [],
    ...(own && { requestsPerMinute: own }),
  });
  /** Asks as the gateway's guard sees it, and gives the headers of the answer. */
  async function askAs(guard: CallerLimitGuard, caller: object): Promise<Record<string, string> | string> {
    const headers: Record<string, string> = {};
    const reply = {
      getHeader: (name: string) => headers[name],
      header: (name: string, value: string) => (headers[name] = value),
    };
    const http = { getRequest: () => ({ identity: null, apiKey: null, ...caller }), getResponse: () => reply };
    return Promise.resolve()
      .then(() => guard.canActivate({ switchToHttp: () => http } as never))
      .then(
        () => headers,
        (error: { code: string }) => error.code,
      );
  }
  const guardOf = (limits: Partial<typeof off>) =>
    new CallerLimitGuard(new Limits({ limits: { ...off, ...limits }, redis: undefined }), { tell } as never);

  const told: unknown[] = [];
  const tell = (...event: unknown[]) => void told.push(event);

  it('are for each key, and for all keys of an organization together', async () => {
    const guard = guardOf({ key: 2, tenant: 3 });
    const ask = (apiKey: object) => askAs(guard, { apiKey });
    expect(await ask(key('a', 'one'))).toMatchObject({
      'ratelimit-policy': '"key";q=2;w=60, "tenant";q=3;w=60',
      ratelimit: expect.stringMatching(/^"key";r=1;t=\d+, "tenant";r=2;t=\d+$/),
    });
    await ask(key('a', 'one'));
    expect(await ask(key('a', 'one'))).toBe('too-many-requests');
    expect(await ask(key('b', 'one'))).toBe('too-many-requests');
    expect(told).toEqual([
      ['request.rate-limited', { keyId: 'a', tenantId: 'one', limit: 'key' }],
      ['request.rate-limited', { keyId: 'b', tenantId: 'one', limit: 'tenant' }],
    ]);
    expect(await ask(key('c', 'other'))).toMatchObject({ ratelimit: expect.anything() });
  });

  it('may be lower for one key, never higher', async () => {
    const guard = guardOf({ key: 2 });
    const ask = (apiKey: object) => askAs(guard, { apiKey });
    expect(await ask(key('low', 'one', 1))).toMatchObject({ 'ratelimit-policy': '"key";q=1;w=60' });
    expect(await ask(key('low', 'one', 1))).toBe('too-many-requests');
    expect(await ask(key('high', 'one', 9))).toMatchObject({ 'ratelimit-policy': '"key";q=2;w=60' });
    expect(await askAs(guardOf({}), { apiKey: key('low', 'one', 1) })).toMatchObject({ ratelimit: expect.anything() });
  });

  it('leave buyers alone, however many there are for one organization', async () => {
    const guard = guardOf({ key: 1, tenant: 1, caller: 100 });
    for (let n = 0; n < 50; n++)
      expect(await askAs(guard, { identity: { userId: ada } })).toMatchObject({
        'ratelimit-policy': '"caller";q=100;w=60',
      });
    expect(await askAs(guard, {})).toEqual({});
  });
});

it('counts so many keys apart and no more, and none goes uncounted', async () => {
  const counter = counterOf({ keyPrefix: 'x', points: 100, duration: 60 }, undefined, 100);
  const left = async (key: string) => (await consume(counter, key)).counted.remainingPoints;
  for (let n = 0; n < 100; n++) expect(await left(`early-${n}`)).toBe(99);
  let least = 100;
  for (let n = 0; n < 10_000; n++) least = Math.min(least, await left(`late-${n}`));
  expect(least).toBeLessThan(99);
  expect(await left('early-7')).toBe(98);
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
    const limits = new Limits({ limits: { ...off, address: 10 }, redis });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const counted = await Promise.all(Array.from({ length: 15 }, () => limits.count('address', 'a')));
    expect(counted.filter((standing) => standing?.exceeded)).toHaveLength(5);
    expect(await limits.count('address', 'b')).toMatchObject({ exceeded: false, remaining: 9, quota: 10 });
    expect(await limits.count('caller', 'a')).toBeUndefined();
    limits.onApplicationShutdown();
  });
});
