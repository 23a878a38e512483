import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { apiKeyHash, newApiKey } from '@app/auth';
import type { FoundApiKey } from '@app/contracts';
import type { RunningService } from '@app/http';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway, type LogLine } from '../testing/open-gateway.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const tenantId = '0190a6e0-0000-7000-8000-0000000000c2';
const tokens = new AccessTokens('key-1');
const keys = new Map<string, FoundApiKey['key']>();
const published: Published = {
  ...{ keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0, apiKeys: 0 }, apiKeys: keys },
};
let ticketApi: RunningService;
let gateway: RunningService;
const lines: LogLine[] = [];

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  const environment = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: ticketApi.url,
    NOTIFICATION_SERVICE_URL: ticketApi.url,
    TRUSTED_PROXIES: '127.0.0.1',
  };
  gateway = await openGateway(environment, lines);
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close();
});
beforeEach(() => {
  published.apiKeys = keys;
});
afterEach(() => void jest.useRealTimers());

let count = 0;
const hashOf = (key: string) => apiKeyHash(key).toString('base64url');
function made(over: Partial<NonNullable<FoundApiKey['key']>> = {}): string {
  const key = newApiKey();
  const id = `0190a6e0-0000-7000-8000-${String(++count).padStart(12, '0')}`;
  const facts = { name: 'Shop', scopes: ['orders:read' as const], rateLimit: null, expiresAt: null, suspended: false };
  keys.set(hashOf(key), { id, tenantId, ...facts, ...over });
  return key;
}
const bookings = (headers: Record<string, string>) =>
  ask(`${gateway.url}/api/v1/mgmt/bookings/user/${ada}`, { headers });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const byHeader = (key: string) => ({ 'x-api-key': key });
const later = (ms: number) =>
  jest.useFakeTimers({
    now: Date.now() + ms,
    doNotFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'].concat([
      'nextTick',
      'queueMicrotask',
      'performance',
      'hrtime',
    ]) as never,
  });

describe("an organization's key", () => {
  it('names its organization to the services, from either header; it goes no further than here', async () => {
    const key = made();
    for (const headers of [bearer(key), byHeader(key), { ...bearer(key), ...byHeader(key) }]) {
      const { status, text, body } = await bookings(headers);
      expect(status).toBe(200);
      const { id: keyId, name, scopes } = keys.get(hashOf(key))!;
      expect(body['caller']).toEqual({ keyId, tenantId, name, scopes });
      expect(text).not.toContain(key);
    }
  });

  it('is asked for once in four seconds, also when many requests come at once', async () => {
    const key = made();
    published.asked.apiKeys = 0;
    await Promise.all(Array.from({ length: 20 }, () => bookings(bearer(key))));
    await bookings(byHeader(key));
    expect(published.asked.apiKeys).toBe(1);
  });

  it('that was revoked is refused within five seconds', async () => {
    const key = made();
    expect((await bookings(bearer(key))).status).toBe(200);
    keys.delete(hashOf(key));
    later(4_001);
    const answer = await bookings(bearer(key));
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('that expires is refused from that moment on', async () => {
    const key = made({ expiresAt: new Date(Date.now() + 1_000).toISOString() });
    expect((await bookings(bearer(key))).status).toBe(200);
    keys.delete(hashOf(key));
    later(1_001);
    expect((await bookings(bearer(key))).status).toBe(401);
  });

  it('of a suspended organization is forbidden everything', async () => {
    const key = made({ suspended: true });
    expect(await bookings(bearer(key))).toMatchObject({ status: 403, body: { code: 'organization-suspended' } });
    expect(await bookings(bearer(key))).toMatchObject({ status: 403 });
    const told = { event: 'auth.api-key-refused', keyId: keys.get(hashOf(key))!.id, tenantId };
    const refusal = expect.objectContaining({ ...told, reason: 'organization-suspended' });
    expect(lines.slice(-2)).toEqual([refusal, refusal]);
  });

  it('that does not fit is refused also beside a good credential, and where none is needed', async () => {
    const person = await tokens.sign(ada);
    const [good, unknown] = [made(), newApiKey()];
    lines.length = 0;
    for (const wrong of [unknown, 'tk_', `${good.slice(0, -1)}!`, person, good.toUpperCase()]) {
      expect(await bookings({ ...bearer(person), ...byHeader(wrong) })).toMatchObject({ status: 401 });
      expect(await ask(`${gateway.url}/api/v1/events`, { headers: byHeader(wrong) })).toMatchObject({ status: 401 });
    }
    const told = expect.objectContaining({ event: 'auth.api-key-refused', reason: 'unknown', network: '127.0.0.1' });
    expect(lines).toEqual(Array(10).fill(told));
    expect(JSON.stringify(lines)).not.toMatch(/tk_/i);
  });

  it('beside a person or another key names two callers, and is refused', async () => {
    const person = await tokens.sign(ada);
    const [one, two] = [made(), made()];
    expect(await bookings({ ...bearer(person), ...byHeader(one) })).toMatchObject({ status: 401 });
    expect(await bookings({ ...bearer(one), ...byHeader(two) })).toMatchObject({ status: 401 });
    const cookie = { cookie: `access_token=${person}`, origin: gateway.url };
    expect(await bookings({ ...cookie, ...byHeader(one) })).toMatchObject({ status: 401 });
  });

  it('cannot be judged while ticket-api is away: 503 and when to come back, not 401', async () => {
    const key = made();
    published.apiKeys = 'away';
    const answer = await bookings(bearer(key));
    expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    published.apiKeys = keys;
    expect((await bookings(bearer(key))).status).toBe(200);
  });

  it('does what no key may do as little as anyone: it places no order', async () => {
    const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
    expect(await ask(`${gateway.url}/api/v1/orders`, json(order, bearer(made())))).toMatchObject({ status: 403 });
  });
});

describe('guessing keys', () => {
  const from = (address: string, key: string) => bookings({ ...bearer(key), 'x-forwarded-for': address });

  it('is stopped for the network it comes from, while keys that were good go on there', async () => {
    const good = made();
    /** Whoever has one address of IPv6 has the other 2^64 of its network, too. */
    const oneOf = (n: number) => `2001:db8:0:9::${n}`;
    expect((await from(oneOf(0), good)).status).toBe(200);
    const guesses = await Promise.all(Array.from({ length: 60 }, (_, n) => from(oneOf(n), newApiKey())));
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401]));
    const limited = lines.filter(({ event }) => event === 'request.rate-limited');
    expect(limited).toEqual([expect.objectContaining({ limit: 'key-guesses', network: '2001:db8:0:9::/64' })]);
    const refused = await from(oneOf(60), newApiKey());
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    later(4_001);
    expect((await from(oneOf(61), good)).status).toBe(200);
    expect((await from('2001:db8:0:a::1', newApiKey())).status).toBe(401);
  });

  it('what cannot be a key costs no look-up, and the same wrong one only one', async () => {
    published.asked.apiKeys = 0;
    await Promise.all(['tk_', 'tk_x', `tk_${'a'.repeat(38)}`].map((key) => from('10.0.0.11', key)));
    expect(published.asked.apiKeys).toBe(0);
    const wrong = newApiKey();
    for (let time = 0; time < 5; time++) await from('10.0.0.11', wrong);
    expect(published.asked.apiKeys).toBe(1);
  });
});
