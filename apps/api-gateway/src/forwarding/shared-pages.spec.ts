import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { RunningService } from '@app/http';
import { eventually } from '@app/testing';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway } from '../testing/open-gateway.js';
import { RawPeer } from '../testing/raw-peer.js';
import { openTicketApi } from '../testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const eventId = '0190a6e0-0000-7000-8000-00000000000a';
const path = `/events/${eventId}`;
const tokens = new AccessTokens('key-1');
const SHARED = { 'content-type': 'application/json', 'cdn-cache-control': 'max-age=1' };

let peer: RawPeer;
let gateway: RunningService;
let asAda: { headers: Record<string, string> };
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  peer = new RawPeer();
  const url = await peer.listen();
  const keys = await openTicketApi({ keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } });
  open.push(peer, keys);
  start = async (environment = {}) => {
    const started = await openGateway({
      TICKET_API_URL: url,
      TICKET_API_INTERNAL_URL: keys.internalUrl,
      PAYMENT_SERVICE_URL: url,
      NOTIFICATION_SERVICE_URL: url,
      ...environment,
    });
    open.push(started);
    return started;
  };
  gateway = await start();
  asAda = { headers: { authorization: `Bearer ${await tokens.sign(ada)}` } };
});
afterEach(async () => {
  for (const service of open.splice(0).reverse()) await service.close();
});
let start: (environment?: Record<string, string>) => Promise<RunningService>;

const api = (to: string, init?: RequestInit, at = gateway) => ask(`${at.url}/api/v1${to}`, init);
const saying =
  (body: unknown, headers: Record<string, string | string[]> = SHARED, status = 200) =>
  (response: ServerResponse) =>
    response
      .writeHead(status, { ...headers, 'content-length': String(JSON.stringify(body).length) })
      .end(JSON.stringify(body));
/** As many at once as make a page worth keeping. */
const many = (to = path, init?: RequestInit, at = gateway) =>
  Promise.all(Array.from({ length: 12 }, () => api(to, init, at)));
const readings = () => peer.received.filter(({ method }) => method === 'GET').length;

describe('a page that is the same for everybody', () => {
  it('is read once for the many who ask at the same moment, and kept', async () => {
    peer.answers = [saying({ left: 7 })];
    const answers = [...(await many()), ...(await many())];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 {"left":7}']));
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(1);
    // Those who came before it was asked for often, and one for all others: five, and on a busy machine some more.
    expect(readings()).toBeGreaterThanOrEqual(5);
    expect(readings()).toBeLessThan(20);
  });

  it('is a second old at most, and says so', async () => {
    peer.answers = [saying({ left: 7 })];
    const since = performance.now();
    await many();
    expect((await api(path)).headers.get('age')).toBe('1');
    peer.answers = [saying({ left: 6 })];
    await eventually(async () => expect((await api(path)).text).toBe('{"left":6}'));
    expect(performance.now() - since).toBeLessThan(1_900);
    expect((await api(path)).headers.get('cache-control')).toBe('private, no-cache');
    expect((await api(path)).headers.has('cdn-cache-control')).toBe(false);
  });

  it('is always new for who looks alone', async () => {
    for (const left of [3, 2, 1]) {
      peer.answers = [saying({ left })];
      expect((await api(path)).text).toBe(`{"left":${left}}`);
    }
  });

  it('answers HEAD and If-None-Match as the service would', async () => {
    peer.answers = [saying({ left: 7 })];
    await many();
    const before = readings();
    const kept = await api(path);
    const etag = kept.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await rawGet({ 'if-none-match': etag });
    expect(again).toMatch(/^HTTP\/1.1 304 /);
    expect(again.toLowerCase()).toContain(`etag: ${etag}`.toLowerCase());
    expect(again.toLowerCase()).not.toContain('\ncontent-type');
    const head = await api(path, { method: 'HEAD' });
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '10']);
    expect(head.headers.get('content-type')).toBe(kept.headers.get('content-type'));
    expect(readings()).toBe(before);
  });

  it('is one with and without capitals in the id', async () => {
    peer.answers = [saying({ left: 7 })];
    await many();
    await many(path.toUpperCase().replace('/EVENTS', '/events'));
    expect(readings()).toBe(5);
  });

  it('comes from the service for whoever does not want what was kept, and for a query', async () => {
    peer.answers = [saying({ left: 7 })];
    await many();
    peer.answers = [saying({ left: 6 })];
    expect((await api(path, { headers: { 'cache-control': 'max-age=0, No-Cache' } })).text).toBe('{"left":6}');
    expect((await api(`${path}?x=1`)).text).toBe('{"left":6}');
    expect((await api(path)).text).toBe('{"left":7}');
  });

  it('is given after the guards only', async () => {
    const strict = await start({ RATE_LIMIT_ADDRESS: '13' });
    peer.answers = [saying({ left: 7 })];
    await many(path, undefined, strict);
    const wrong = { headers: { authorization: 'Bearer wrong' } };
    expect(await api(path, wrong, strict)).toMatchObject({ status: 401 });
    expect(await api(path, undefined, strict)).toMatchObject({ status: 429 });
  });
});

describe('nothing is kept', () => {
  it.each([
    ['that its service does not call the same for everybody', { 'content-type': 'application/json' }, 200],
    ['that its service takes back', { ...SHARED, 'cdn-cache-control': 'no-store' }, 200],
    ['that sets a cookie', { ...SHARED, 'set-cookie': 'a=b' }, 200],
    ['that varies', { ...SHARED, vary: 'accept-language' }, 200],
    ['of an event that is not there', SHARED, 404],
    ['of a failure', SHARED, 500],
  ])('%s', async (_, headers, status) => {
    peer.answers = [saying({ left: 7 }, headers, status)];
    await many();
    await many();
    expect(readings()).toBe(24);
  });

  it('that is large', async () => {
    peer.answers = [saying({ text: 'x'.repeat(300_000) })];
    await many();
    await many();
    expect(readings()).toBe(24);
  });

  it('that is no text', async () => {
    const headers = { ...SHARED, 'content-type': 'application/octet-stream', 'content-length': '2' };
    peer.answers = [(response) => response.writeHead(200, headers).end(Buffer.from([0xc3, 0x28]))];
    await many();
    const bytes = await (await fetch(`${gateway.url}/api/v1${path}`)).arrayBuffer();
    expect([...new Uint8Array(bytes)]).toEqual([0xc3, 0x28]);
    expect(readings()).toBe(13);
  });

  it('of other reads', async () => {
    peer.answers = [saying({ data: [] })];
    await many('/events');
    await many('/events');
    expect(readings()).toBe(24);
  });

  it('when the service was slower than a page may be old', async () => {
    peer.answers = [(response) => setTimeout(() => saying({ left: 7 })(response), 1_100)];
    await many();
    const before = readings();
    peer.answers = [saying({ left: 6 })];
    expect((await api(path)).text).toBe('{"left":6}');
    expect(readings()).toBe(before + 1);
  });
});

it("a member's page of a draft never reaches a stranger, not even one who asks at the same moment", async () => {
  peer.answers = [
    (response, { headers }) => {
      const answer = headers['x-identity'] ? saying({ draft: true }, {}) : saying({ code: 'not-found' }, {}, 404);
      setTimeout(() => answer(response), 20);
    },
  ];
  const [members, strangers] = await Promise.all([many(path, asAda), many()]);
  expect(new Set(members.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([404]));
});

it('a service that fails once fails one of those who wait, and the others ask for themselves', async () => {
  peer.answers = [
    ...Array.from({ length: 4 }, () => saying({ left: 7 })),
    saying({ code: 'internal' }, SHARED, 500),
    saying({ left: 7 }),
  ];
  expect((await many()).map(({ status }) => status).filter((status) => status !== 200)).toEqual([500]);
});

describe('a write to an event', () => {
  const writes: [string, RequestInit][] = [
    [path, { ...json({ title: 'New' }), method: 'PATCH' }],
    [`${path}/publish`, { method: 'POST' }],
    [`${path}/cancel`, { method: 'POST' }],
    [`${path}/ticket-types`, json({})],
    [`${path}/ticket-types/${ada}`, { ...json({}), method: 'PATCH' }],
  ];
  const as = (init: RequestInit) => ({ ...init, headers: { ...init.headers, ...asAda.headers } });

  it.each(writes)('%s shows at once', async (to, init) => {
    peer.answers = [saying({ version: 1 })];
    await many();
    await many(`${path}/availability`);
    peer.answers = [saying({ version: 2 })];
    await api(to, as(init));
    expect((await api(path)).text).toBe('{"version":2}');
    expect((await api(`${path}/availability`)).text).toBe('{"version":2}');
  });

  it('shows also when its answer was lost', async () => {
    peer.answers = [saying({ version: 1 })];
    await many();
    peer.answers = [(response) => response.socket?.resetAndDestroy(), saying({ version: 2 })];
    expect(await api(path, as({ ...json({}), method: 'PATCH' }))).toMatchObject({ status: 503 });
    expect((await api(path)).text).toBe('{"version":2}');
  });

  it('leaves other events alone', async () => {
    peer.answers = [saying({ version: 1 })];
    await many();
    await api(`/events/${ada}`, as({ ...json({}), method: 'PATCH' }));
    const before = readings();
    await many();
    expect(readings()).toBe(before);
  });

  it('is not hidden by a page that was read before it and arrives after it, nor by waiting for that page', async () => {
    let late: (() => void) | undefined;
    peer.answers = [saying({ version: 1 })];
    await Promise.all(Array.from({ length: 4 }, () => api(path)));
    peer.answers = [(response) => (late = () => saying({ version: 1 })(response)), saying({ version: 2 })];
    const before = [api(path), api(path), api(path)];
    await eventually(() => expect(late).toBeDefined());
    await api(path, as({ ...json({}), method: 'PATCH' }));
    expect((await api(path)).text).toBe('{"version":2}');
    late?.();
    expect((await Promise.all(before)).map(({ text }) => text)).toEqual(Array(3).fill('{"version":1}'));
    expect((await api(path)).text).toBe('{"version":2}');
  });

  // Only where a Redis is given: a skipped spec is a failure.
  if (process.env['TEST_REDIS_URL'])
    it('shows in a moment at another gateway, by Redis', async () => {
      const redis = { REDIS_URL: process.env['TEST_REDIS_URL'] ?? '', REDIS_PREFIX: `spec:${process.pid}:` };
      const [one, other] = [await start(redis), await start(redis)];
      let version = 1;
      peer.answers = [(response) => saying({ version })(response)];
      const round = async () => {
        await many(path, undefined, other);
        version += 1;
        await api(path, as({ ...json({}), method: 'PATCH' }), one);
        const shown = async () => expect((await api(path, undefined, other)).text).toBe(`{"version":${version}}`);
        // A page that was just read and that nobody drops would last longer.
        await eventually(shown, 500);
      };
      await eventually(round, 5_000);
      for (let times = 0; times < 3; times += 1) await round();
    });
});

/** As it goes over the wire: `fetch` adds `no-cache` to what it sends with `If-None-Match`. */
async function rawGet(headers: Record<string, string>): Promise<string> {
  const { createConnection } = await import('node:net');
  const socket = createConnection(Number(new URL(gateway.url).port), '127.0.0.1');
  const lines = Object.entries({ host: 'x', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write(`GET /api/v1${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
