import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from '@app/http';
import { AccessTokens, PUBLIC_URL } from '../testing/access-tokens.js';
import { ask, json, openGateway } from '../testing/open-gateway.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { sessionCookieNames } from './session-cookies.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const bob = '0190a6e0-0000-7000-8000-000000000002';
const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
/** Only what time it is: whoever waits goes on waiting. */
const TIMERS = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const),
];
const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
let ticketApi: RunningService;
let gateway: RunningService;

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  gateway = await openGateway({
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    // Away: who is refused is not sent on.
    PAYMENT_SERVICE_URL: 'http://127.0.0.1:1',
    NOTIFICATION_SERVICE_URL: ticketApi.url,
  });
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close();
});

const api = (path: string, init?: RequestInit) => ask(`${gateway.url}/api/v1${path}`, init);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `theme=dark; access_token=${token}` });

describe('access tokens', () => {
  it('name the caller, from the header or from the cookie', async () => {
    const token = await tokens.sign(ada);
    const identity = { userId: ada, email: 'ada@example.com', name: 'Ada', emailVerified: true };
    for (const headers of [bearer(token), cookie(token)])
      expect(await api('/users/me', { headers })).toMatchObject({ status: 200, body: { identity } });
  });

  const claims = () => {
    const now = Math.floor(Date.now() / 1000);
    const who = { sub: ada, sid: 's', email: 'a@b.c', name: 'A', email_verified: true };
    return { ...who, iss: PUBLIC_URL, aud: 'ticketing', iat: now, exp: now + 600 };
  };
  const header = { typ: 'at+jwt', kid: 'key-1' };
  const pem = () => tokens.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const stranger = new AccessTokens('key-1');

  it.each<[string, () => string | Promise<string>]>([
    ['is no token', () => 'abc'],
    ['has no signature', () => tokens.forge({ ...header, alg: 'none' }, claims(), () => '')],
    [
      'uses our public key as a shared secret',
      () =>
        tokens.forge({ ...header, alg: 'HS256' }, claims(), (input) =>
          createHmac('sha256', pem()).update(input).digest('base64url'),
        ),
    ],
    [
      'names another algorithm',
      () => tokens.forge({ ...header, alg: 'RS512' }, claims(), (i) => tokens.rawSignature(i)),
    ],
    ['has a good signature of another algorithm', () => tokens.sign(ada, {}, { alg: 'RS512' })],
    ['is signed by a stranger', () => stranger.sign(ada)],
    ['brings its own key', () => stranger.sign(ada, {}, { jwk: stranger.jwk, jku: 'http://127.0.0.1:1/keys' })],
    ['names an unknown key', () => tokens.sign(ada, {}, { kid: 'key-0' })],
    ['is of another type', () => tokens.sign(ada, {}, { typ: 'JWT' })],
    ['has another issuer', () => tokens.sign(ada, { iss: 'http://evil.example' })],
    ['is for another audience', () => tokens.sign(ada, { aud: 'other' })],
    ['has ended', () => tokens.sign(ada, { exp: Math.floor(Date.now() / 1000) - 120 })],
    ['never ends', () => tokens.sign(ada, { exp: undefined })],
    ['is not valid yet', () => tokens.sign(ada, { nbf: Math.floor(Date.now() / 1000) + 600 })],
    ['names no person', () => tokens.sign('admin')],
    ['names no session', () => tokens.sign(ada, { sid: undefined })],
    [
      'was changed',
      async () => {
        const [head, , signature] = (await tokens.sign(ada)).split('.');
        return [head, Buffer.from(JSON.stringify({ ...claims(), sub: bob })).toString('base64url'), signature].join(
          '.',
        );
      },
    ],
  ])('one that %s is refused: in the header everywhere, in the cookie where somebody is needed', async (_, make) => {
    const token = await make();
    for (const [path, headers] of [
      ['/users/me', bearer(token)],
      ['/users/me', cookie(token)],
      ['/events', bearer(token)],
    ] as const) {
      const answer = await api(path, { headers });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await api('/events', { headers: cookie(token) })).toMatchObject({ status: 200 });
  });

  it('two Authorization headers are refused, whomever they name', async () => {
    const authorization = [`Bearer ${await tokens.sign(ada)}`, `Bearer ${await tokens.sign(bob)}`];
    const status = await new Promise((resolve, reject) => {
      const request = get(`${gateway.url}/api/v1/users/me`, { headers: { authorization } as never }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.once('error', reject);
    });
    expect(status).toBe(401);
  });

  it('a checkout link suffices by itself: whatever credential comes with it is not looked at', async () => {
    const link = '/payments/checkout/01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47?signature=x';
    const plain = await api(link);
    expect(plain.status).not.toBe(401);
    for (const headers of [bearer('stale'), cookie('stale')])
      expect((await api(link, { headers })).status).toBe(plain.status);
  });

  it('a header of another scheme is a credential that does not fit', async () => {
    for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', 'token'])
      expect(await api('/events', { headers: { authorization } })).toMatchObject({ status: 401 });
  });

  it('a call for signed-in people needs one, a public one does not', async () => {
    for (const path of ['/users/me', `/payments/orders/${ada}`])
      expect(await api(path)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await api('/events')).toMatchObject({ status: 200 });
  });

  it('two credentials that name different people are refused, two of one person are not', async () => {
    const [one, two] = [await tokens.sign(ada), await tokens.sign(bob)];
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie(two) } })).toMatchObject({ status: 401 });
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie(one) } })).toMatchObject({ status: 200 });
    expect(await api('/users/me', { headers: { ...bearer(one), ...cookie('stale') } })).toMatchObject({ status: 401 });
  });

  it('a stale cookie keeps nobody from signing in, refreshing or signing out', async () => {
    const headers = { ...cookie('stale'), origin: PUBLIC_URL };
    const credentials = { email: 'ada@example.com', password: 'x' };
    expect(await api('/auth/signin', json(credentials, headers))).toMatchObject({ status: 200 });
    expect(await api('/auth/refresh', { method: 'POST', headers })).toMatchObject({ status: 200 });
    expect(await api('/auth/signout', { method: 'POST', headers })).toMatchObject({ status: 204 });
    expect(await api('/auth/signin', json(credentials, bearer('stale')))).toMatchObject({ status: 401 });
  });
});

it('a route of which nothing is known lets nobody in, should it ever be served', () => {
  const context = { getHandler: () => () => undefined, switchToHttp: () => ({ getRequest: () => ({}) }) };
  const guard = new AuthenticationGuard(
    { publicUrl: PUBLIC_URL, corsOrigins: new Set() },
    {} as never,
    {} as never,
    {} as never,
  );
  expect(guard.canActivate(context as never)).toBe(false);
});

it('the cookies of a public site are of its own host: no other of its domain can set them', () => {
  expect(sessionCookieNames('https://tickets.example')).toEqual({
    access: '__Host-access_token',
    refresh: '__Host-refresh_token',
  });
});

describe('keys', () => {
  it('a new key is taken at its first use, an unknown one is asked for once in a while', async () => {
    const next = new AccessTokens('key-2');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    published.keys = [tokens.jwk, next.jwk];
    expect(await api('/users/me', { headers: bearer(await next.sign(ada)) })).toMatchObject({ status: 200 });
    const before = published.asked.keys;
    const unknown = await tokens.sign(ada, {}, { kid: 'key-9' });
    await Promise.all(Array.from({ length: 20 }, () => api('/users/me', { headers: bearer(unknown) })));
    expect(published.asked.keys - before).toBeLessThanOrEqual(1);
  });

  it('are published for everyone', async () => {
    const answer = await ask(`${gateway.url}/.well-known/jwks.json`);
    expect(answer.body.keys).toEqual(expect.arrayContaining([expect.objectContaining({ kid: 'key-1', kty: 'RSA' })]));
    expect(answer.text).not.toContain('"d"');
  });
});

describe('revoked sessions', () => {
  afterEach(() => void jest.useRealTimers());

  it('of which nothing is heard for half a minute let nobody in, also when the token was known', async () => {
    const headers = bearer(await tokens.sign(ada));
    expect(await api('/users/me', { headers })).toMatchObject({ status: 200 });
    const before = published.revoked;
    published.revoked = null as never;
    const asked = published.asked.revoked;
    while (published.asked.revoked === asked) await sleep(50);
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: [...TIMERS] });
    expect(await api('/users/me', { headers })).toMatchObject({ status: 503 });
    published.revoked = before;
    expect(await api('/users/me', { headers })).toMatchObject({ status: 200 });
  });

  it('are refused within five seconds, also when the token was known', async () => {
    const token = await tokens.sign(bob);
    expect(await api('/users/me', { headers: bearer(token) })).toMatchObject({ status: 200 });
    expect(await api('/auth/signout', { method: 'POST', headers: bearer(token) })).toMatchObject({ status: 204 });
    const ended = Date.now();
    let { status } = await api('/users/me', { headers: bearer(token) });
    while (status === 200 && Date.now() - ended < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ({ status } = await api('/users/me', { headers: bearer(token) }));
    }
    expect(status).toBe(401);
    expect(await api('/events', { headers: bearer(token) })).toMatchObject({ status: 401 });
    expect(await api('/users/me', { headers: bearer(await tokens.sign(ada)) })).toMatchObject({ status: 200 });
  });
});

describe('a write by cookie', () => {
  let mine: Record<string, string>;
  beforeEach(async () => {
    mine = cookie(await tokens.sign(ada));
  });
  const place = (headers: Record<string, string>) => api('/orders', json(order, { ...mine, ...headers }));

  it.each([
    ['the public origin', { origin: PUBLIC_URL }],
    ['the public origin by its other name', { origin: 'http://127.0.0.1:3000' }],
    ['a browser that vouches', { 'sec-fetch-site': 'same-origin' }],
  ])('is taken from %s', async (_, headers) => {
    expect(await place(headers as Record<string, string>)).toMatchObject({ status: 201 });
  });

  it("is taken from the request's own origin", async () => {
    expect(await place({ origin: gateway.url })).toMatchObject({ status: 201 });
    expect(await place({ origin: gateway.url.replace('127.0.0.1', 'localhost') })).toMatchObject({ status: 201 });
  });

  it.each([
    ['nobody', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['another scheme', { origin: 'https://localhost:3000' }],
    ['an opaque origin', { origin: 'null' }],
    ['two origins', { origin: `${PUBLIC_URL}, https://evil.example` }],
    ['the public origin and a path', { origin: `${PUBLIC_URL}/` }],
    ['the public origin in capitals', { origin: 'HTTP://LOCALHOST:3000' }],
    ['the public origin with a user', { origin: 'http://evil.example@localhost:3000' }],
    ['the root of its name', { origin: 'http://localhost.:3000' }],
    ['the public origin with a port too many', { origin: 'http://localhost:3000.evil.example' }],
    ['a file', { origin: 'file://localhost:3000' }],
    ['no origin at all', { origin: '' }],
    ['a page of ours that says it is another method', { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ])('is refused from %s', async (_, headers) => {
    const answer = await place(headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
  });

  it('reads, and writes by a Bearer token, need no origin', async () => {
    expect(await api('/users/me', { headers: mine })).toMatchObject({ status: 200 });
    const token = bearer(await tokens.sign(ada));
    expect(await api('/orders', json(order, token))).toMatchObject({ status: 201 });
    expect(await api('/orders', json(order, { ...token, ...mine }))).toMatchObject({ status: 201 });
  });

  const sessions: [string, object, number][] = [
    ['/auth/signup', { email: 'ada@example.com', password: 'a long password', name: 'Ada' }, 201],
    ['/auth/signin', { email: 'ada@example.com', password: 'x' }, 200],
    ['/auth/token', { grantType: 'password', email: 'ada@example.com', password: 'x' }, 200],
    ['/auth/refresh', {}, 200],
    ['/auth/signout', {}, 204],
  ];

  it.each(sessions)('%s is refused to a page of another site, without any cookie too', async (path, body) => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const answer = await api(path, json(body, headers));
      expect(answer).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it.each(sessions)(
    '%s is taken from our own pages, and from clients that are no browser',
    async (path, body, status) => {
      for (const headers of [
        {},
        { origin: PUBLIC_URL },
        { origin: gateway.url },
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'none' },
      ] as Record<string, string>[])
        expect(await api(path, json(body, headers))).toMatchObject({ status });
    },
  );

  it('who brings a Bearer token ends that session, from wherever: no browser sends it by itself', async () => {
    const headers = { ...bearer(await tokens.sign(bob, { sid: 'of-an-app' })), origin: 'app://localhost' };
    expect(await api('/auth/signout', { method: 'POST', headers })).toMatchObject({ status: 204 });
  });

  it('a session is refreshed and ended by its cookies only from our own pages', async () => {
    for (const path of ['/auth/refresh', '/auth/signout']) {
      const post = (headers: Record<string, string>) => api(path, { method: 'POST', headers });
      expect(await post({ cookie: 'refresh_token=r' })).toMatchObject({ status: 403 });
      expect((await post({ cookie: 'refresh_token=r', origin: PUBLIC_URL })).status).toBeLessThan(300);
      expect((await post({})).status).toBeLessThan(300);
    }
  });
});
