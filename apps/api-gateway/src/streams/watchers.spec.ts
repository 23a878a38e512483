import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { apiKeyHash, newApiKey } from '@app/auth';
import { readEvents, type RunningService } from '@app/http';
import { eventually } from '@app/testing';
import { AccessTokens } from '../testing/access-tokens.js';
import { openGateway } from '../testing/open-gateway.js';
import { RawPeer } from '../testing/raw-peer.js';
import { Watchers } from './watchers.js';

const EVENT = '0190a6e0-0000-7000-8000-0000000000e1';
const [ada, bob] = ['0190a6e0-0000-7000-8000-000000000001', '0190a6e0-0000-7000-8000-000000000002'];
const tenantId = '0190a6e0-0000-7000-8000-0000000000c2';
const PATH = `/api/v1/events/${EVENT}/admissions/stream`;
const tokens = new AccessTokens('key-1');

/** ticket-api as far as streams need it; the spec decides what it says. */
class TicketApi extends RawPeer {
  mayWatch = new Set<string>();
  revoked: string[] = [];
  keys = new Map<string, object>();
  streams: ServerResponse[] = [];
  opened = 0;

  constructor() {
    super();
    this.answers = [(response, request) => this.reply(request, response)];
  }

  tell(data: string): void {
    for (const stream of this.streams) stream.write(`event: admissions\ndata: ${data}\n\n`);
  }

  private reply({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const { body = Buffer.alloc(0) } = this.received.at(-1) ?? {};
    const json = (content: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (url === '/internal/keys') return void json({ keys: [tokens.jwk] });
    if (url.startsWith('/internal/revoked-sessions'))
      return void json({ sessionIds: this.revoked, now: new Date().toISOString() });
    if (url === '/internal/api-keys/find')
      return void json({ key: this.keys.get(JSON.parse(String(body)).hash) ?? null });
    if (url === '/internal/authorizations') {
      const { callers } = JSON.parse(String(body)) as { callers: { userId?: string; keyId?: string }[] };
      return void json({ allowed: callers.map(({ userId, keyId }) => this.mayWatch.has(userId ?? keyId ?? '')) });
    }
    if (url === `/internal/events/${EVENT}/admissions/stream`) {
      this.opened += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1\n\n');
      this.streams.push(response);
      response.once('close', () => (this.streams = this.streams.filter((stream) => stream !== response)));
      return;
    }
    // The call beside the stream: whether this caller may.
    const token = String(this.received.at(-1)?.headers['x-identity'] ?? '').split('.')[1] ?? '';
    const who = Buffer.from(token, 'base64url').toString();
    const may = [...this.mayWatch].some((id) => who.includes(id));
    json(may ? { eventId: EVENT } : { code: 'forbidden' }, may ? 200 : 403);
  }
}

const ticketApi = new TicketApi();
let gateway: RunningService;
const open: ClientRequest[] = [];

beforeAll(async () => {
  const url = await ticketApi.listen();
  const [TICKET_API_URL, TICKET_API_INTERNAL_URL, PAYMENT_SERVICE_URL, NOTIFICATION_SERVICE_URL] = [url, url, url, url];
  gateway = await openGateway({
    TICKET_API_URL,
    TICKET_API_INTERNAL_URL,
    PAYMENT_SERVICE_URL,
    NOTIFICATION_SERVICE_URL,
  });
});
beforeEach(() => {
  ticketApi.mayWatch = new Set([ada, bob]);
});
afterEach(async () => {
  for (const request of open.splice(0)) request.destroy();
  await eventually(() => expect(ticketApi.streams).toHaveLength(0));
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi.close();
});

interface Watching {
  status: number;
  headers: IncomingMessage['headers'];
  response: IncomingMessage;
  told: string[];
  /** Resolves when the stream ends, to milliseconds since it was asked. */
  ended: Promise<number>;
}

async function watch(headers: Record<string, string>, reads = true): Promise<Watching> {
  const asked = Date.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(gateway.url + PATH, { headers, agent: false }, resolve).on('error', reject);
    open.push(request.end());
  });
  response.on('error', () => undefined);
  const told: string[] = [];
  const ended = new Promise<number>((resolve) => response.once('close', () => resolve(Date.now() - asked)));
  if (reads)
    void (async () => {
      for await (const data of readEvents(response)) told.push(data);
    })().catch(() => undefined);
  return { status: response.statusCode ?? 0, headers: response.headers, response, told, ended };
}
const bearer = async (userId = ada, claims = {}) => ({ authorization: `Bearer ${await tokens.sign(userId, claims)}` });
const within = async (watching: Watching, seconds: number) => {
  const since = Date.now();
  await watching.ended;
  expect(Date.now() - since).toBeLessThan(seconds * 1000);
};

describe('a stream', () => {
  it('is one of the service for however many watch; each hears the state at once, and every change', async () => {
    const opened = ticketApi.opened;
    const first = await watch(await bearer());
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    expect(first.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    await eventually(() => expect(ticketApi.streams).toHaveLength(1));
    ticketApi.tell('{"n":1}');
    await eventually(() => expect(first.told).toEqual(['{"n":1}']));
    const others = await Promise.all(
      Array.from({ length: 15 }, async (_, n) => watch(await bearer(n % 2 ? ada : bob))),
    );
    for (const { told } of others) await eventually(() => expect(told).toEqual(['{"n":1}']));
    ticketApi.tell('{"n":2}');
    for (const { told } of others) await eventually(() => expect(told).toEqual(['{"n":1}', '{"n":2}']));
    expect(ticketApi.opened - opened).toBe(1);
  });

  it('is for those who may make the call beside it', async () => {
    ticketApi.mayWatch = new Set([bob]);
    expect((await watch(await bearer())).status).toBe(403);
    expect((await watch({})).status).toBe(401);
    expect((await watch(await bearer(bob))).status).toBe(200);
  });

  it('goes on when the replica dies that told it: another one tells the whole state', async () => {
    const watching = await watch(await bearer());
    await eventually(() => expect(ticketApi.streams).toHaveLength(1));
    ticketApi.tell('{"n":1}');
    await eventually(() => expect(watching.told).toHaveLength(1));
    const { opened } = ticketApi;
    for (const stream of ticketApi.streams) stream.destroy();
    await eventually(() => expect([ticketApi.opened, ticketApi.streams.length]).toEqual([opened + 1, 1]));
    ticketApi.tell('{"n":1}');
    ticketApi.tell('{"n":2}');
    await eventually(() => expect(watching.told).toEqual(['{"n":1}', '{"n":2}']));
  });

  it('ends within five seconds when the role is taken away, and others go on', async () => {
    const [mine, theirs] = [await watch(await bearer()), await watch(await bearer(bob))];
    ticketApi.mayWatch.delete(ada);
    await within(mine, 5);
    expect(theirs.response.destroyed).toBe(false);
  });

  it('ends within five seconds when the session ends', async () => {
    const watching = await watch(await bearer(ada, { sid: 'ended-session' }));
    ticketApi.revoked.push('ended-session');
    await within(watching, 5);
  });

  it('ends with the token', async () => {
    const exp = Math.floor(Date.now() / 1000) - 58;
    const watching = await watch(await bearer(ada, { exp }));
    expect(watching.status).toBe(200);
    await within(watching, 5);
  });

  it('ends within five seconds when the key is revoked', async () => {
    const key = newApiKey();
    const hash = apiKeyHash(key).toString('base64url');
    const id = '0190a6e0-0000-7000-8000-0000000000a1';
    const facts = { name: 'Board', scopes: ['checkin'], rateLimit: null, expiresAt: null, suspended: false };
    ticketApi.keys.set(hash, { id, tenantId, ...facts });
    ticketApi.mayWatch.add(id);
    const watching = await watch({ 'x-api-key': key });
    expect(watching.status).toBe(200);
    ticketApi.keys.delete(hash);
    await within(watching, 5.5);
  });

  it('of who does not read takes no memory: what is newest is told when there is room again', async () => {
    const slow = await watch(await bearer(), false);
    slow.response.pause();
    const quick = await watch(await bearer(bob));
    await eventually(() => expect(ticketApi.streams).toHaveLength(1));
    const padding = 'x'.repeat(100_000);
    for (let n = 0; n < 400; n += 1) {
      ticketApi.tell(JSON.stringify({ n, padding }));
      await eventually(() => expect(quick.told).toHaveLength(n + 1));
      quick.told[n] = '';
    }
    const late: number[] = [];
    for await (const data of readEvents(slow.response)) {
      late.push(JSON.parse(data).n as number);
      if (late.at(-1) === 399) break;
    }
    // What was in the sockets, and then the newest: 40 MB were told meanwhile.
    expect(late.length).toBeLessThan(150);
  }, 60_000);

  it('is asked for twenty times by one caller at most', async () => {
    const headers = await bearer();
    await Promise.all(Array.from({ length: 20 }, () => watch(headers)));
    const refused = await watch(headers);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
  });

  it('of HEAD is its headers', async () => {
    const answer = await fetch(gateway.url + PATH, { method: 'HEAD', headers: await bearer() });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });

  it('is closed in order when the gateway stops, and nobody watches any more', async () => {
    const watching = await watch(await bearer());
    const watchers = gateway.app.get(Watchers, { strict: false });
    const closing = gateway.close();
    await within(watching, 5);
    await closing;
    expect(watchers.size).toBe(0);
    expect(ticketApi.streams).toEqual([]);
  });
});
