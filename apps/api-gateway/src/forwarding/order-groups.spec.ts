import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderGroupAnswer, OrderGroupMember } from '@app/contracts';
import type { RunningService } from '@app/http';
import { eventually } from '@app/testing';
import { request, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessTokens } from '../testing/access-tokens.js';
import { ask, json, openGateway } from '../testing/open-gateway.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const bea = '0190a6e0-0000-7000-8000-000000000002';
const event = '0190a6e0-0000-7000-8000-0000000000e1';
const other = '0190a6e0-0000-7000-8000-0000000000e2';
const wish = (eventId = event, quantity = 1) => ({ eventId, items: [{ ticketTypeId: ada, quantity }] });
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d$/;
const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
let ticketApi: RunningService;
let gateway: RunningService;
let as: (userId: string) => Record<string, string>;
let groups: (readonly OrderGroupMember[])[];

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  gateway = await openGateway({
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: 'http://127.0.0.1:1',
    NOTIFICATION_SERVICE_URL: 'http://127.0.0.1:1',
    ORDER_BATCH_SIZE: '8',
    ORDER_QUEUE: '16',
  });
  const signed: Record<string, string> = { [ada]: await tokens.sign(ada), [bea]: await tokens.sign(bea) };
  as = (userId) => ({ authorization: `Bearer ${signed[userId]}` });
  // The first request of all fetches keys and revocations.
  await order(ada);
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close().catch(() => undefined);
});
beforeEach(() => {
  groups = [];
  delete published.alone;
  answerWith(({ buyer, body }) => ({ status: 201, body: JSON.stringify({ of: buyer.id, body }), replayed: false }));
});

function answerWith(answer: (member: OrderGroupMember) => OrderGroupAnswer) {
  published.group = async (members) => {
    groups.push(members);
    await sleep(5);
    return members.map(answer);
  };
}

const order = (userId: string, body: unknown = wish(), headers: Record<string, string> = {}, path = '/orders') =>
  ask(`${gateway.url}/api/v1${path}`, json(body, { ...as(userId), ...headers }));

/** Sends orders while two others are on their way, so that these are company to each other. */
async function together<Sent>(...sent: (() => Promise<Sent>)[]): Promise<Sent[]> {
  const onTheirWay: (() => void)[] = [];
  published.alone = () => new Promise((resolve) => void onTheirWay.push(resolve));
  const others: ReturnType<typeof order>[] = [];
  for (const count of [1, 2]) {
    others.push(order(ada));
    await eventually(() => expect(onTheirWay).toHaveLength(count));
  }
  delete published.alone;
  let arrived = 0;
  const server = gateway.app.getHttpServer() as Server;
  const count = () => void (arrived += 1);
  server.on('request', count);
  const answers = sent.map((send) => send());
  await eventually(() => expect(arrived).toBe(sent.length));
  server.off('request', count);
  await sleep(100);
  onTheirWay.forEach((arrive) => arrive());
  await Promise.all(others);
  return Promise.all(answers);
}

describe('orders at the door', () => {
  it('that arrive while others of the event are on their way travel together, each with who sent it', async () => {
    const answers = await together(...Array.from({ length: 12 }, (_, index) => () => order(index % 2 ? ada : bea)));
    expect(answers.map(({ status, body }) => [status, body.of])).toEqual(
      answers.map((_, index) => [201, index % 2 ? ada : bea]),
    );
    expect(groups.map((members) => members.length).sort()).toEqual([4, 8]);
  });

  it('without company are ordinary requests', async () => {
    const { status, body, headers } = await order(ada, wish(), { 'idempotency-key': 'k-1', 'x-request-id': 'r-1' });
    expect({ status, userId: body.userId, body: body.body }).toEqual({ status: 201, userId: ada, body: wish() });
    expect(body.headers).toMatchObject({ 'idempotency-key': 'k-1', 'x-request-id': 'r-1' });
    expect(body.headers?.traceparent).toMatch(TRACEPARENT);
    expect([headers.get('idempotent-replayed'), headers.get('x-internal-detail')]).toEqual(['true', null]);
    expect(groups).toEqual([]);
  });

  it('of different events do not wait for each other', async () => {
    let arrive: (() => void) | undefined;
    published.alone = () => new Promise((resolve) => (arrive = resolve));
    const slow = order(ada, wish(event));
    await eventually(() => expect(arrive).toBeDefined());
    delete published.alone;
    expect((await order(ada, wish(other))).status).toBe(201);
    arrive?.();
    expect((await slow).status).toBe(201);
  });

  it('tell what makes them the same request again, and whose request it was', async () => {
    await together(
      () => order(ada, wish(), { 'idempotency-key': 'k-1', 'x-request-id': 'r-1' }, '/tickets/reserve'),
      () => order(bea),
    );
    const member = groups.flat().find(({ buyer }) => buyer.id === ada);
    const told = { path: '/api/v1/tickets/reserve', requestId: 'r-1', idempotencyKey: 'k-1', body: wish() };
    expect(member).toMatchObject(told);
    expect(member?.traceparent).toMatch(TRACEPARENT);
  });

  it('are answered as a single one would be: status, type, replay, when to come again', async () => {
    answerWith(() => ({ status: 201, body: '{"a":1}', replayed: true }));
    const [placed] = await together(
      () => order(ada),
      () => order(bea),
    );
    expect([placed?.text, placed?.headers.get('idempotent-replayed')]).toEqual(['{"a":1}', 'true']);
    expect(placed?.headers.get('content-type')).toContain('application/json');
    expect(placed?.headers.get('cache-control')).toBe('no-store');
    answerWith(() => ({ status: 503, body: '{"code":"service-unavailable"}', replayed: false, retryAfter: 7 }));
    const [refused] = await together(
      () => order(ada),
      () => order(bea),
    );
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '7']);
    expect(refused?.headers.get('content-type')).toContain('application/problem+json');
  });

  it('that are not plain and valid go alone, and their service says what is wrong', async () => {
    const huge = {
      ...wish(),
      items: Array.from({ length: 20 }, () => ({ ticketTypeId: 'x'.repeat(300), quantity: 1 })),
    };
    const statuses = [
      (await order(ada, { ...wish(), colour: 'red' })).status,
      (await order(ada, '{broken')).status,
      (await order(ada, huge)).status,
      (await order(ada, wish(), { 'idempotency-key': 'k'.repeat(256) })).status,
      (await order(ada, wish(), {}, '/orders?seat=1')).status,
      (await order(ada, wish(), { 'content-type': 'text/plain' })).status,
      (await order(ada, wish(), { 'content-encoding': 'gzip' })).status,
    ];
    // The small ticket-api of this spec does not look at keys.
    expect(statuses).toEqual([422, 400, 422, 201, 422, 415, 415]);
    expect(groups).toEqual([]);
  });

  it('that are large, or have two keys, go alone though they have company', async () => {
    const padded = () => order(ada, JSON.stringify(wish()) + ' '.repeat(4 * 1024));
    const [large] = await together(
      padded,
      () => order(bea),
      () => order(bea),
    );
    expect(large?.status).toBe(201);
    await together<unknown>(
      withTwoKeys,
      () => order(bea),
      () => order(bea),
    );
    expect(groups.flat().map(({ buyer }) => buyer.id)).toEqual([bea, bea, bea, bea]);
  });
  /** `fetch` would make one line of them. */
  const withTwoKeys = () =>
    new Promise<void>((resolve, reject) => {
      const headers = { ...as(ada), 'content-type': 'application/json', 'idempotency-key': ['k-1', 'k-2'] };
      const sent = request(`${gateway.url}/api/v1/orders`, { method: 'POST', headers }, (answer) => {
        answer.resume().on('end', resolve);
      });
      sent.on('error', reject).end(JSON.stringify(wish()));
    });

  it('of nobody reach no group', async () => {
    expect(await ask(`${gateway.url}/api/v1/orders`, json(wish()))).toMatchObject({ status: 401 });
    expect(groups).toEqual([]);
  });

  it('are refused with 503 when too many wait, and served again afterwards', async () => {
    let serve = () => {};
    const isRefusing = new Promise<void>((resolve) => (serve = resolve));
    published.group = async (members) => {
      await isRefusing;
      return members.map(() => ({ status: 201, body: '{}', replayed: false }));
    };
    const sent = Array.from({ length: 60 }, () => order(ada));
    await Promise.any(sent.map(async (answer) => expect((await answer).status).toBe(503)));
    serve();
    const answers = await Promise.all(sent);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(60 - refused.length);
    expect((await order(ada)).status).toBe(201);
  });

  it('whose service fails with the group in its hands are all told to come again, and it is not asked twice', async () => {
    published.group = (members) => {
      groups.push(members);
      return Promise.reject(new Error('dead'));
    };
    const answers = await together(
      () => order(ada),
      () => order(bea),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(groups.flat()).toHaveLength(2);
  });
});
