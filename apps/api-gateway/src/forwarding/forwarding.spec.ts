import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningService } from '@app/http';
import { eventually } from '@app/testing';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway } from '../testing/open-gateway.js';
import { RawPeer } from '../testing/raw-peer.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
const order = { eventId: ada, items: [{ ticketTypeId: ada, quantity: 1 }] };
const payments = new RawPeer();
let ticketApi: RunningService;
let gateway: RunningService;
let asAda: Record<string, string>;

let environment: Record<string, string>;
beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  environment = {
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: await payments.listen(),
    NOTIFICATION_SERVICE_URL: 'http://127.0.0.1:1',
  };
  gateway = await openGateway(environment);
  asAda = { authorization: `Bearer ${await tokens.sign(ada)}` };
});
afterAll(async () => {
  await gateway?.close();
  await payments.close();
  await ticketApi?.close().catch(() => undefined);
});
beforeEach(() => {
  payments.received.length = 0;
  payments.answers = [(response) => response.setHeader('content-type', 'application/json').end('{}')];
});

const api = (path: string, init?: RequestInit) => ask(`${gateway.url}/api/v1${path}`, init);
const checkout = `/payments/checkout/${ada}`;

describe('what reaches a service', () => {
  it('is so much at a time; who waits too long for a place is told when to come again', async () => {
    const held: ServerResponse[] = [];
    payments.answers = [(response) => void held.push(response)];
    const refusals: Awaited<ReturnType<typeof api>>[] = [];
    const asked = Array.from({ length: 130 }, async () => {
      const answer = await api(checkout);
      if (answer.status === 503) refusals.push(answer);
    });
    await eventually(() => expect(refusals).toHaveLength(2));
    expect(held).toHaveLength(128);
    payments.answers = [(response) => response.end('{}')];
    expect(await api('/payments/webhooks', { method: 'POST', body: '{}' })).toMatchObject({ status: 200 });
    expect(refusals[0]!.headers.get('retry-after')).toBe('2');
    held.forEach((response) => response.setHeader('content-type', 'application/json').end('{}'));
    await Promise.all(asked);
    expect(refusals).toHaveLength(2);
  });

  it('is who calls and which request it is, never what a client says about that', async () => {
    const lies = {
      'x-identity': 'me',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=1.2.3.4',
      'x-real-ip': '1.2.3.4',
      'proxy-authorization': 'Basic x',
      te: 'trailers',
    };
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const given = { 'x-request-id': 'r-1', traceparent: `00-${trace}-b7ad6b7169203331-01`, 'idempotency-key': 'k-1' };
    const answer = await api('/orders', json(order, { ...asAda, ...lies, ...given, cookie: 'theme=dark' }));
    expect(answer).toMatchObject({ status: 201, body: { userId: ada, body: order } });
    const seen = answer.body.headers ?? {};
    expect(seen).toMatchObject({
      'x-request-id': 'r-1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(gateway.url).host,
      'idempotency-key': 'k-1',
    });
    expect(seen.traceparent).toContain(trace);
    for (const name of ['authorization', 'cookie', 'forwarded', 'x-real-ip', 'proxy-authorization', 'te'])
      expect(seen).not.toHaveProperty(name);
  });

  /** `fetch` sets `Connection` itself. */
  const withConnection = (path: string, connection: string, headers: Record<string, string>, body = '{}') =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const all = { 'content-type': 'application/json', ...headers, connection };
      httpRequest(`${gateway.url}/api/v1${path}`, { method: 'POST', headers: all, agent: false }, (answer) => {
        textOf(answer).then((said) => resolve({ status: answer.statusCode, body: said }), reject);
      })
        .on('error', reject)
        .end(body);
    });

  it('is nothing that the client means for us alone, and all that we say, whatever it would take away', async () => {
    const ours = 'x-request-id, x-identity, x-forwarded-for, x-forwarded-host, x-forwarded-proto, traceparent';
    const given = { ...asAda, 'idempotency-key': 'k-1', 'user-agent': 'spec', 'x-request-id': 'r-2' };
    const named = `close, ${ours},Idempotency-Key , user-agent`;
    const { status, body } = await withConnection('/orders', named, given, JSON.stringify(order));
    const seen = (JSON.parse(body) as { headers: Record<string, string>; userId: string }).headers;
    expect([status, JSON.parse(body).userId]).toEqual([201, ada]);
    expect(seen).toMatchObject({ 'x-request-id': 'r-2', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
    expect(seen).toHaveProperty('traceparent');
    for (const name of ['idempotency-key', 'user-agent']) expect(seen).not.toHaveProperty(name);
    const cookie = { cookie: 'refresh_token=r' };
    const credentials = JSON.stringify({ email: 'a@b.example', password: 'x' });
    const signIn = async (connection: string) => {
      const answer = await withConnection('/auth/signin', connection, cookie, credentials);
      return JSON.parse(answer.body) as unknown;
    };
    expect(await signIn('close')).toEqual(cookie);
    expect(await signIn('close, cookie')).toEqual({});
  });

  it("a client's x-identity alone makes nobody", async () => {
    expect(await api('/events', { headers: { 'x-identity': 'me' } })).toMatchObject({ status: 200 });
    expect(await api('/users/me', { headers: { 'x-identity': 'me' } })).toMatchObject({ status: 401 });
  });

  it('cookies are for /auth/* alone', async () => {
    const cookie = 'refresh_token=r; theme=dark';
    const signIn = await api('/auth/signin', json({ email: 'a@b.example', password: 'x' }, { cookie }));
    expect(signIn.body.cookie).toBe(cookie);
    expect(signIn.headers.getSetCookie()).toEqual(['access_token=a; HttpOnly', 'refresh_token=r; HttpOnly']);
    const profile = await api('/users/me', { headers: { ...asAda, cookie } });
    expect(profile.body.headers).not.toHaveProperty('cookie');
  });

  it('a webhook arrives byte by byte, with its signature', async () => {
    const bytes = Buffer.concat([Buffer.from('{ "a" :\t1, "é": "\\u0000" }\r\n'), Buffer.from([0xff, 0x00, 0xfe])]);
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': 't=1,v1=ab' };
    await api('/payments/webhooks', { method: 'POST', body: new Uint8Array(bytes), headers });
    expect(payments.received[0]?.body.equals(bytes)).toBe(true);
    expect(payments.received[0]?.headers).toMatchObject(headers);
  });

  it('HEAD stays HEAD', async () => {
    const seeOther = { location: 'https://pay.example/x', 'referrer-policy': 'no-referrer', 'content-length': '0' };
    payments.answers = [(response) => response.writeHead(303, seeOther).end()];
    const answer = await api(checkout, { method: 'HEAD' });
    expect(payments.received.map(({ method }) => method)).toEqual(['HEAD']);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://pay.example/x']);
    expect((await api('/events', { method: 'HEAD' })).headers.get('content-length')).toBe('29');
  });
});

describe('what comes back', () => {
  it('is status, body and the headers that concern the client', async () => {
    const answer = await api('/orders', json(order, asAda));
    expect(answer.headers.get('idempotent-replayed')).toBe('true');
    expect(answer.headers.has('x-internal-detail')).toBe(false);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is nothing that the service means for us alone', async () => {
    const named = { connection: 'keep-alive, Set-Cookie, location', 'set-cookie': 'of-the-house=1', location: '/x' };
    payments.answers = [(response) => response.writeHead(200, { ...named, 'content-language': 'en' }).end()];
    const { headers } = await api(checkout);
    expect([headers.get('set-cookie'), headers.get('location')]).toEqual([null, null]);
    expect(headers.get('content-language')).toBe('en');
  });

  it('problems pass as they are, with the request id of the call', async () => {
    const answer = await api('/orders', json({ ...order, colour: 'red' }, { ...asAda, 'x-request-id': 'r-9' }));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'colour' }], requestId: 'r-9' } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('r-9');
  });

  it('redirects are handed to the client, with their policy', async () => {
    const seeOther = { location: 'https://pay.example/x', 'referrer-policy': 'no-referrer' };
    payments.answers = [(response) => response.writeHead(303, seeOther).end()];
    const answer = await api(checkout);
    expect([answer.status, answer.text, answer.headers.get('location')]).toEqual([303, '', 'https://pay.example/x']);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('a page is allowed what it says itself, and nothing when it says nothing', async () => {
    const page = { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'; form-action 'self'" };
    payments.answers = [(response) => response.writeHead(200, page).end('<form>'), (response) => response.end('{}')];
    const policyOf = async () => (await api(checkout)).headers.get('content-security-policy');
    expect(await policyOf()).toBe(page['content-security-policy']);
    expect(await policyOf()).not.toContain('self');
  });

  it('files keep their type and name, also large ones of unknown length', async () => {
    const large = Buffer.alloc(3 << 20, 'x');
    const file = { 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="t.pdf"' };
    payments.answers = [(response) => response.writeHead(200, file).end(large)];
    const answer = await fetch(`${gateway.url}/api/v1${checkout}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
    expect(answer.headers.get('content-disposition')).toContain('t.pdf');
  });

  it('nothing is kept by caches that does not say so; event pages are asked for again', async () => {
    expect((await api('/users/me', { headers: asAda })).headers.get('cache-control')).toBe('no-store');
    expect((await api('/events')).headers.get('cache-control')).toBe('private, no-cache');
    payments.answers = [(response) => response.writeHead(200, { 'cache-control': 'public, max-age=9' }).end()];
    expect((await api(checkout)).headers.get('cache-control')).toBe('public, max-age=9');
  });

  it('event pages have an entity tag and are not sent twice', async () => {
    const first = await api('/events');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await api('/events', { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await api('/events', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('HEAD of an event page tells what GET would, and asks with its entity tag as well', async () => {
    const get = await api('/events');
    const told = ({ status, headers }: typeof get) => [
      status,
      ...['etag', 'content-length', 'content-type', 'cache-control'].map((name) => headers.get(name)),
    ];
    const head = await api('/events', { method: 'HEAD' });
    expect([told(head), head.text]).toEqual([told(get), '']);
    const again = await api('/events', { method: 'HEAD', headers: { 'if-none-match': get.headers.get('etag') ?? '' } });
    expect([again.status, again.headers.get('etag')]).toEqual([304, get.headers.get('etag')]);
  });
});

describe('the order of judgement holds through the gateway', () => {
  const path = `/events/${ada}`;
  const patch = (body: string, headers = asAda) => api(path, { ...json(body, headers), method: 'PATCH' });

  it('who calls, then what the path names, then the body', async () => {
    const huge = `"${'x'.repeat(300_000)}"`;
    expect(await patch(huge, {})).toMatchObject({ status: 401 });
    expect(await patch(huge)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await patch('{broken')).toMatchObject({ status: 404 });
    expect(await api('/orders', json(huge, asAda))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
    expect(await api('/orders', json('{broken', asAda))).toMatchObject({ status: 400 });
    const text = { method: 'POST', body: 'x', headers: { ...asAda, 'content-type': 'text/plain' } };
    expect(await api('/orders', text)).toMatchObject({ status: 415 });
    const encoded = json(order, { ...asAda, 'content-encoding': 'gzip' });
    expect(await api('/orders', encoded)).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
  });

  it('paths and methods that are not ours end here', async () => {
    expect(await api('/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await api('/orders', { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(await ask(`${gateway.url}/internal/keys`)).toMatchObject({ status: 404 });
    expect(await ask(`${gateway.url}/metrics`)).toMatchObject({ status: 404 });
    expect(await api('/events/%zz')).toMatchObject({ status: 404 });
    const far = { ...json({}, asAda), method: 'PATCH' };
    expect(await api(`/events/${'x'.repeat(5000)}`, far)).toMatchObject({ status: 404 });
  });
});

describe('a service that fails', () => {
  const reset: RawPeer['answers'][number] = (response) => response.socket?.resetAndDestroy();
  const unavailable = { status: 503, body: { code: 'service-unavailable' } };

  it('before it answered a read is asked once more', async () => {
    payments.answers = [reset, (response) => response.writeHead(303, { location: '/x' }).end()];
    expect(await api(checkout)).toMatchObject({ status: 303 });
    expect(payments.received).toHaveLength(2);
  });

  it('before it answered a write is not asked again', async () => {
    payments.answers = [reset];
    const answer = await api('/payments/webhooks', { method: 'POST', body: '{}' });
    expect(answer).toMatchObject(unavailable);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(payments.received).toHaveLength(1);
  });

  it('and stays silent is not asked any more, which is said at once, until one request finds it back', async () => {
    payments.answers = [reset];
    const pay = () => api('/payments/webhooks', { method: 'POST', body: '{}' });
    const circuit = async () =>
      /upstream_circuit{upstream="payment-service".*} (\d)/.exec(
        await (await fetch(`${gateway.internalUrl}/metrics`)).text(),
      )?.[1];
    // More than what has answered in the last five seconds.
    await eventually(async () => {
      await pay();
      expect(await circuit()).toBe('2');
    });
    payments.received.length = 0;
    const refusals = await Promise.all(Array.from({ length: 20 }, pay));
    for (const refusal of refusals) {
      expect(refusal).toMatchObject(unavailable);
      expect(refusal.headers.get('retry-after')).toBe('2');
    }
    expect(payments.received.length).toBeLessThanOrEqual(1);
    expect(await api('/events')).toMatchObject({ status: 200 });
    payments.answers = [(response) => response.end('{}')];
    await eventually(async () => expect(await pay()).toMatchObject({ status: 200 }));
    expect(await circuit()).toBe('0');
  });

  it('in the middle of an answer gives a problem, not half an answer', async () => {
    payments.answers = [
      (response) => {
        response.writeHead(200, { 'content-length': '100', 'set-cookie': 'half=1' }).write('{"half":');
        setTimeout(() => response.socket?.resetAndDestroy(), 20);
      },
    ];
    const answer = await api(checkout);
    expect(answer).toMatchObject(unavailable);
    expect(answer.headers.has('set-cookie')).toBe(false);
  });

  it('and is gone entirely, is 503 until it is back', async () => {
    const { port } = new URL(ticketApi.url);
    const { port: internalPort } = new URL(ticketApi.internalUrl);
    await ticketApi.close();
    expect(await api('/events')).toMatchObject(unavailable);
    expect(await api('/orders', json(order, asAda))).toMatchObject(unavailable);
    expect(await ask(`${gateway.url}/api/v1/health`)).toMatchObject({ status: 503, body: { status: 'down' } });
    ticketApi = await openTicketApi(published, { port: Number(port), internalPort: Number(internalPort) });
    expect(await api('/orders', json(order, asAda))).toMatchObject({ status: 201 });
  });

  it('a client that hangs up harms nobody', async () => {
    payments.answers = [(response) => setTimeout(() => response.end('late'), 100)];
    const socket = createConnection(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(`GET /api/v1${checkout} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await api('/events')).toMatchObject({ status: 200 });
  });
});

describe('a gateway that is stopped', () => {
  it('is not ready at once, answers what it has begun, ends connections, and then takes nothing new', async () => {
    const leaving = await openGateway({ ...environment, SHUTDOWN_DELAY_SECONDS: '0.4' });
    let held: ServerResponse | undefined;
    payments.answers = [(response) => (held = response)];
    const running = ask(`${leaving.url}/api/v1${checkout}`);
    await eventually(() => expect(held).toBeDefined());
    const closed = leaving.close();
    const ready = await ask(`${leaving.url}/health/ready`);
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    const events = await ask(`${leaving.url}/api/v1/events`);
    expect([events.status, events.headers.get('connection')]).toEqual([200, 'close']);
    await sleep(600);
    await expect(ask(`${leaving.url}/api/v1/events`)).rejects.toThrow();
    held!.setHeader('content-type', 'application/json').end('{"late":true}');
    expect(await running).toMatchObject({ status: 200, body: { late: true } });
    const begun = performance.now();
    await closed;
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('health', () => {
  it('of the gateway is its own, of the platform that of its services', async () => {
    expect(await ask(`${gateway.url}/health`)).toMatchObject({ status: 200, body: { status: 'up' } });
    expect(await api('/health/db')).toMatchObject({ status: 200, body: { status: 'up', checks: { db: 'up' } } });
    expect(await api('/health/rabbitmq')).toMatchObject({ status: 503, body: { checks: { messages: 'down' } } });
  });
});
