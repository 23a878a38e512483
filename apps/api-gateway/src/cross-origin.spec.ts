import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@app/http';
import { readConfig } from './config.js';
import { AccessTokens } from './testing/access-tokens.js';
import { ask, json, openGateway } from './testing/open-gateway.js';
import { openTicketApi, type Published } from './testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const SHOP = 'https://shop.example';
const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
let ticketApi: RunningService;
let gateway: RunningService;
let closed: RunningService;

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  const upstreams = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: ticketApi.url,
    NOTIFICATION_SERVICE_URL: ticketApi.url,
  };
  gateway = await openGateway({ ...upstreams, CORS_ORIGINS: `${SHOP}, http://localhost:5173` });
  closed = await openGateway(upstreams);
});
afterAll(() => Promise.all([gateway, closed, ticketApi].map((service) => service?.close())));

const from = (origin: string, path: string, init: RequestInit = {}, url = gateway.url) =>
  ask(`${url}/api/v1${path}`, { ...init, headers: { ...(init.headers as object), origin } });
const preflight = (origin: string, path: string, method: string, url?: string) =>
  from(origin, path, { method: 'OPTIONS', headers: { 'access-control-request-method': method } }, url);
const allowed = ({ headers }: { headers: Headers }) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('a page of a listed origin', () => {
  it('reads answers, problems too, with the headers that matter', async () => {
    for (const [path, status] of [
      ['/events', 200],
      ['/users/me', 401],
      ['/nothing', 404],
    ] as const) {
      const answer = await from(SHOP, path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toBe('Origin');
      const exposed = answer.headers.get('access-control-expose-headers')?.split(', ');
      expect(exposed).toEqual(
        expect.arrayContaining(['etag', 'idempotent-replayed', 'location', 'ratelimit', 'ratelimit-policy']),
      );
      expect(exposed).toEqual(expect.arrayContaining(['retry-after', 'x-request-id']));
      expect(exposed).not.toContain('set-cookie');
    }
  });

  it('hears before it asks which methods the path takes, for two hours', async () => {
    const answer = await preflight(SHOP, '/orders', 'POST');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST');
    expect(answer.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect(answer.headers.get('access-control-max-age')).toBe('7200');
    expect(answer.headers.get('vary')).toContain('Origin');
    const event = await preflight(SHOP, `/events/${ada}`, 'DELETE');
    expect(event.headers.get('access-control-allow-methods')).not.toContain('DELETE');
  });

  it('hears nothing of a path that is not there, nor of the methods by a mere OPTIONS', async () => {
    expect(await preflight(SHOP, '/nothing', 'GET')).toMatchObject({ status: 404 });
    expect(await preflight(SHOP, '/../internal/keys', 'GET')).toMatchObject({ status: 404 });
    expect(await from(SHOP, '/orders', { method: 'OPTIONS' })).toMatchObject({ status: 405 });
  });

  it('writes by cookie, and signs in', async () => {
    const cookie = `access_token=${await tokens.sign(ada)}`;
    const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
    expect(await from(SHOP, '/orders', json(order, { cookie }))).toMatchObject({ status: 201 });
    const same = json(order, { cookie, 'sec-fetch-site': 'same-site' });
    expect(await from('http://localhost:5173', '/orders', same)).toMatchObject({ status: 201 });
    const credentials = json({ email: 'ada@example.com', password: 'x' });
    expect(await from(SHOP, '/auth/signin', credentials)).toMatchObject({ status: 200 });
  });
});

describe.each([
  ['of another origin', 'https://evil.example', () => gateway.url],
  ['of no origin', 'null', () => gateway.url],
  ['of a sub-domain', 'https://a.shop.example', () => gateway.url],
  ['of a name that begins alike', 'https://shop.example.evil.example', () => gateway.url],
  ['by another scheme', 'http://shop.example', () => gateway.url],
  ['by another port', 'https://shop.example:8443', () => gateway.url],
  ['of any origin, when none is listed,', SHOP, () => closed.url],
])('a page %s', (_, origin, url) => {
  it('reads nothing and is promised nothing', async () => {
    const read = await from(origin, '/events', {}, url());
    expect([read.status, ...allowed(read)]).toEqual([200]);
    const asked = await preflight(origin, '/orders', 'POST', url());
    expect([asked.status, ...allowed(asked)]).toEqual([405]);
    const cookie = `access_token=${await tokens.sign(ada)}`;
    const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
    expect(await from(origin, '/orders', json(order, { cookie }), url())).toMatchObject({ status: 403 });
  });
});

it('caches are told that answers differ by origin, also when there is none', async () => {
  expect((await ask(`${gateway.url}/api/v1/events`)).headers.get('vary')).toBe('Origin');
  expect((await ask(`${closed.url}/api/v1/events`)).headers.has('vary')).toBe(false);
});

it.each(['*', 'null', 'https://shop.example/', 'https://shop.example:443', 'https://*.shop.example', 'shop.example'])(
  'no origin is listed as %j',
  (CORS_ORIGINS) => expect(() => readConfig({ CORS_ORIGINS })).toThrow('CORS_ORIGINS is not a comma list of origins'),
);
