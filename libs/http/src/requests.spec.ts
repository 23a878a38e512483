import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Global, Injectable, Module, Param, Query, Res } from '@nestjs/common';
import {
  Authorization,
  Caller,
  CallingService,
  generateServiceKeys,
  IdentityTokens,
  OptionalCaller,
  RESOURCE_AUTHORIZER,
  ServiceKeys,
  ServiceTokens,
  type Identity,
  type ResourceAuthorizer,
} from '@app/auth';
import { operation, type ResourceRule } from '@app/contracts';
import { notFound } from '@app/problem-details';
import { createConnection } from 'node:net';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { InternalGet, InternalPost } from './internal-route.decorator.js';
import { openService, type RunningService } from './open-service.js';
import { Operation } from './operation.decorator.js';

const Line = z.strictObject({ name: z.string().max(10), quantity: z.int().min(1) });
const base = { tag: 't', service: 'ticket-api', summary: '', responses: { 200: z.any() } } as const;
const open = operation({ ...base, id: 'open', method: 'GET', path: '/open', access: 'anyone' });
const search = operation({
  ...base,
  id: 'search',
  method: 'GET',
  path: '/search',
  access: 'anyone',
  query: z.strictObject({ limit: z.coerce.number().int().default(20), q: z.string().optional() }),
});
const place = operation({
  ...base,
  id: 'place',
  method: 'POST',
  path: '/lines',
  access: 'person',
  body: z.strictObject({ items: z.array(Line).min(1), note: z.unknown().optional() }),
  responses: { 201: z.any() },
});
const poke = operation({
  ...base,
  id: 'poke',
  method: 'POST',
  path: '/things/:thingId/poke',
  access: { resource: 'order', param: 'thingId', anyOf: ['self'] },
});
const change = operation({
  ...poke,
  id: 'change',
  method: 'PATCH',
  path: '/things/:thingId',
  body: z.strictObject({ name: z.string() }),
});
const ofUser = operation({ ...base, id: 'ofUser', method: 'GET', path: '/users/:userId/things', access: 'person' });
const ofUserToo = operation({ ...ofUser, id: 'ofUserToo', path: '/people/:userId' });
const hook = operation({
  ...base,
  id: 'hook',
  method: 'POST',
  path: '/hook',
  access: 'anyone',
  rawBody: 200_000,
});
const fail = operation({ ...base, id: 'fail', method: 'GET', path: '/fail', access: 'anyone' });
const drop = operation({
  ...base,
  id: 'drop',
  method: 'DELETE',
  path: '/things/:thingId',
  access: 'person',
  responses: { 204: 'empty' },
});
const all = [open, search, place, poke, change, ofUser, ofUserToo, hook, fail, drop];

const mine = '0190a6e0-0000-7000-8000-00000000000a';

@Injectable()
class OnlyMine implements ResourceAuthorizer {
  async authorize(_: Identity, rule: ResourceRule, params: Readonly<Record<string, string>>) {
    if (params[rule.param] !== mine) throw notFound('This thing');
    return { tenantId: 'tenant-of-mine' };
  }
}

@Controller()
class Things {
  @Operation(open)
  open(@OptionalCaller() caller: Identity | null) {
    return { hello: caller?.name ?? 'stranger' };
  }
  @Operation(search)
  search(@Query() query: unknown) {
    return query;
  }
  @Operation(place)
  place(@Body() body: unknown, @Caller() caller: Identity) {
    return { body, by: caller.userId };
  }
  @Operation(poke)
  poke(@Param('thingId') id: string, @Authorization() authorization: unknown) {
    return { id, authorization };
  }
  @Operation(change)
  change(@Body() body: unknown) {
    return body;
  }
  @Operation(ofUser, ofUserToo)
  ofUser(@Param('userId') userId: string) {
    return { userId };
  }
  @Operation(hook)
  hook(@Body() bytes: Buffer) {
    return { buffer: Buffer.isBuffer(bytes), length: bytes.length, hex: bytes.subarray(0, 4).toString('hex') };
  }
  @Operation(fail)
  fail() {
    throw new Error('secret of the house');
  }
  @Operation(drop)
  drop(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('x-dropped', 'yes');
  }
  @InternalGet('/internal/things/:thingId', { callers: ['payment-service'] })
  internal(@Param('thingId') id: string, @CallingService() from: string) {
    return { id, from };
  }
  @InternalPost('/internal/lines', { body: Line })
  internalPost(@Body() body: unknown) {
    return body;
  }
}

@Global()
@Module({
  controllers: [Things],
  providers: [{ provide: RESOURCE_AUTHORIZER, useClass: OnlyMine }],
  exports: [RESOURCE_AUTHORIZER],
})
class ThingsModule {}

const keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);
const ada: Identity = {
  userId: '0190a6e0-0000-7000-8000-000000000001',
  email: 'ada@example.com',
  name: 'Ada',
  emailVerified: true,
  sessionId: 's-1',
};
let service: RunningService;
let asAda: Record<string, string>;

beforeAll(async () => {
  const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys['ticket-api'] } as const;
  service = await openService({ name: 'ticket-api', module: () => ThingsModule, operations: all }, config);
  const token = await new IdentityTokens(new ServiceKeys('api-gateway', keys['api-gateway'])).sign(ada, 'ticket-api');
  asAda = { 'x-identity': token };
});
afterAll(() => service?.close());

interface Answer {
  status: number;
  headers: Headers;
  body: { code?: string; errors?: { path: string; message: string }[] } & Record<string, unknown>;
}
async function call(path: string, init: RequestInit = {}, at = service.url): Promise<Answer> {
  const answer = await fetch(at + path, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}
const api = (path: string, init?: RequestInit) => call(`/api/v1${path}`, init);
const json = (body: unknown, headers: Record<string, string> = asAda) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const good = { items: [{ name: 'a', quantity: 1 }] };

describe('the order of judgement', () => {
  it('authentication comes before the path, the media type and the body', async () => {
    for (const init of [
      json('{broken', {}),
      { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
      { method: 'POST', body: 'x', headers: { 'content-type': 'rubbish' } },
      json(`"${'x'.repeat(100_000)}"`, {}),
    ]) {
      const answer = await api('/lines', init);
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await api('/things/no-uuid/poke', { method: 'POST' })).toMatchObject({ status: 401 });
  });

  it('what the path names is authorised before the body is read', async () => {
    const other = '0190a6e0-0000-7000-8000-00000000000b';
    expect(await api(`/things/${other}`, { ...json('{broken'), method: 'PATCH' })).toMatchObject({ status: 404 });
    expect(await api(`/things/${mine}`, { ...json('{broken'), method: 'PATCH' })).toMatchObject({ status: 400 });
    const oversized = json(`"${'x'.repeat(100_000)}"`);
    expect(await api(`/things/${other}`, { ...oversized, method: 'PATCH' })).toMatchObject({ status: 404 });
  });

  it('a credential that does not fit is refused even where none is needed', async () => {
    expect(await api('/open', { headers: { 'x-identity': 'nonsense' } })).toMatchObject({ status: 401 });
    expect(await api('/open', { headers: asAda })).toMatchObject({ status: 200, body: { hello: 'Ada' } });
    expect(await api('/open')).toMatchObject({ status: 200, body: { hello: 'stranger' } });
  });
});

describe('bodies', () => {
  it('a valid one reaches the handler with the success status of the contract', async () => {
    expect(await api('/lines', json(good))).toMatchObject({ status: 201, body: { body: good, by: ada.userId } });
  });

  it.each([
    ['not JSON', '{"items":', 400, 'malformed-body'],
    ['a __proto__ key', '{"items":[{"name":"a","quantity":1}],"note":{"__proto__":{"x":1}}}', 400, 'malformed-body'],
    ['an escaped __proto__ key', '{"note":{"\\u005f_proto__":{"x":1}}}', 400, 'malformed-body'],
    ['a NUL byte', '{"note":"\u0000"}', 400, 'malformed-body'],
    ['deep nesting', '['.repeat(30_000) + ']'.repeat(30_000), 400, 'malformed-body'],
    ['deep nesting that never ends', '['.repeat(60_000), 400, 'malformed-body'],
    ['an array where an object belongs', '[]', 422, 'validation-failed'],
    ['null', 'null', 422, 'validation-failed'],
    ['more than 64 KiB', JSON.stringify({ note: 'x'.repeat(64 * 1024) }), 413, 'body-too-large'],
    ['several MiB', JSON.stringify({ note: 'x'.repeat(4 << 20) }), 413, 'body-too-large'],
  ])('%s is refused', async (_, body, status, code) => {
    expect(await api('/lines', json(body))).toMatchObject({ status, body: { code, status } });
  });

  it('deep nesting is refused where anything is allowed, brackets in text are not nesting', async () => {
    const withNote = (note: string) => json(`{"items":[{"name":"a","quantity":1}],"note":${note}}`);
    expect((await api('/lines', withNote('['.repeat(64) + ']'.repeat(64)))).status).toBe(400);
    expect((await api('/lines', withNote(JSON.stringify('"['.repeat(100))))).status).toBe(201);
  });

  it('invalid UTF-8 is unreadable', async () => {
    const bytes = Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await api('/lines', { ...json(''), body: bytes });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed-body' } });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'rubbish', ''])(
    'a body of type "%s" is not taken',
    async (type) => {
      const headers = { ...asAda, 'content-type': type };
      const answer = await api('/lines', { method: 'POST', headers, body: Buffer.from('{}') });
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
    },
  );

  it('a charset other than UTF-8 is not taken, UTF-8 by name is', async () => {
    const as = (type: string) => api('/lines', json(good, { ...asAda, 'content-type': type }));
    expect((await as('application/json; charset=latin1')).status).toBe(415);
    expect((await as('application/json; charset=UTF-8')).status).toBe(201);
  });

  it('NUL and halves of surrogate pairs are refused wherever they stand, with their path', async () => {
    for (const text of ['"a\\u0000b"', '"\\ud800"', '{"x\\u0000":1}'])
      expect(
        await api('/lines', json(`{"items":[{"name":"a","quantity":1}],"note":{"deep":[${text}]}}`)),
      ).toMatchObject({
        status: 422,
        body: { code: 'validation-failed', errors: [{ path: expect.stringContaining('note.deep.0') }] },
      });
    expect((await api('/lines', json({ ...good, note: '😀\\u0000 is just text' }))).status).toBe(201);
  });

  it('every wrong field is told by its path, unknown ones too', async () => {
    const wrong = { items: [{ name: 'far too long a name', quantity: 0, colour: 'red' }], surprise: 1 };
    const { status, body } = await api('/lines', json(wrong));
    expect(status).toBe(422);
    const paths = ['items.0.colour', 'items.0.name', 'items.0.quantity', 'surprise'];
    expect(body.errors?.map(({ path }) => path).sort()).toEqual(paths);
  });

  it('a POST that needs no body takes none or {}, and nothing else', async () => {
    const answer = { id: mine, authorization: { tenantId: 'tenant-of-mine' } };
    const path = `/things/${mine}/poke`;
    expect(await api(path, { method: 'POST', headers: asAda })).toMatchObject({ status: 200, body: answer });
    expect(await api(path, json({}))).toMatchObject({ status: 200, body: answer });
    expect(await api(path, json(''))).toMatchObject({ status: 200, body: answer });
    expect(await api(path, json({ extra: 1 }))).toMatchObject({ status: 422, body: { errors: [{ path: 'extra' }] } });
  });

  it('a raw route gets the bytes as they came, up to a limit of its own', async () => {
    const raw = (bytes: Buffer, type = 'application/json') =>
      api('/hook', { method: 'POST', body: new Uint8Array(bytes), headers: { 'content-type': type } });
    expect((await raw(Buffer.from([0xff, 0x00, 0x7b, 0x01]))).body).toEqual({
      buffer: true,
      length: 4,
      hex: 'ff007b01',
    });
    expect((await raw(Buffer.alloc(150_000), 'text/odd')).body).toMatchObject({ length: 150_000 });
    expect(await raw(Buffer.alloc(200_001))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
    expect((await api('/hook', { method: 'POST' })).body).toMatchObject({ buffer: true, length: 0 });
  });
});

describe('paths and queries', () => {
  it('queries are read by their schema; unknown names, also where none is known, are refused', async () => {
    expect((await api('/search?limit=3&q=%C3%BC')).body).toEqual({ limit: 3, q: 'ü' });
    expect(await api('/search?limit=x')).toMatchObject({ status: 422, body: { errors: [{ path: 'limit' }] } });
    expect(await api('/search?nope=1')).toMatchObject({ status: 422, body: { errors: [{ path: 'nope' }] } });
    expect(await api('/search?q=a%00')).toMatchObject({ status: 422, body: { errors: [{ path: 'q' }] } });
    expect(await api('/search?q=1&q=2')).toMatchObject({ status: 422 });
    expect(await api('/open?nope=1')).toMatchObject({ status: 422 });
  });

  it('ids are UUIDs in any case; `me` is the caller', async () => {
    const as = (path: string) => api(path, { headers: asAda });
    expect((await as(`/users/${ada.userId.toUpperCase()}/things`)).body).toEqual({ userId: ada.userId });
    expect((await as('/people/me')).body).toEqual({ userId: ada.userId });
    for (const id of ['1', 'x'.repeat(5000), '%00', "'%20or%201=1", '..%2f..', '%F0%9F%98%80'])
      expect(await as(`/users/${id}/things`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('a path that cannot be decoded names nothing', async () => {
    const answer = await raw(`GET /api/v1/users/%zz/things HTTP/1.1\r\nhost: x\r\nx-request-id: r-77\r\n`);
    expect(answer).toContain('404 Not Found');
    expect(answer).toContain('"requestId":"r-77"');
    expect(answer.toLowerCase()).toContain('x-request-id: r-77');
  });

  it('tells a wrong method from a path that names nothing', async () => {
    const wrong = await api('/lines', { method: 'DELETE', headers: asAda });
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await api(`/things/${mine}`, { method: 'PUT' })).headers.get('allow')).toBe('DELETE, PATCH');
    expect(await api('/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await api('/open/')).toMatchObject({ status: 404 });
    expect(await call('//api/v1/open')).toMatchObject({ status: 404 });
  });

  it('HEAD is answered as GET without its body', async () => {
    const answer = await fetch(`${service.url}/api/v1/open`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(answer.headers.get('content-length')).toBe('20');
  });

  it('204 has no body', async () => {
    const answer = await api(`/things/${mine}`, { method: 'DELETE', headers: asAda });
    expect([answer.status, answer.body, answer.headers.get('x-dropped')]).toEqual([204, {}, 'yes']);
  });

  it('a fault of ours is a problem too, and tells nothing', async () => {
    const answer = await api('/fail');
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('request ids', () => {
  it("keeps the caller's sane id in the answer and in problems, makes one otherwise", async () => {
    const given = await api('/nothing', { headers: { 'x-request-id': 'abc-1' } });
    expect([given.headers.get('x-request-id'), given.body.requestId]).toEqual(['abc-1', 'abc-1']);
    const long = await api('/open', { headers: { 'x-request-id': 'x'.repeat(200) } });
    expect(long.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await api('/lines', json('{', asAda))).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the two ports', () => {
  const as = async (name: 'payment-service' | 'notification-service') => ({
    authorization: `Bearer ${await new ServiceTokens(new ServiceKeys(name, keys[name])).sign('ticket-api')}`,
  });
  const inside = (path: string, init?: RequestInit) => call(path, init, service.internalUrl);

  it('internal routes take a named service with its token, on the internal port only', async () => {
    const headers = await as('payment-service');
    const path = `/internal/things/${mine}`;
    expect(await inside(path, { headers })).toMatchObject({ status: 200, body: { id: mine, from: 'payment-service' } });
    expect(await call(path, { headers })).toMatchObject({ status: 404 });
    expect(await inside(path)).toMatchObject({ status: 401 });
    expect(await inside(path, { headers: asAda })).toMatchObject({ status: 401 });
    expect(await inside(path, { headers: await as('notification-service') })).toMatchObject({ status: 403 });
    expect(await inside('/internal/things/7', { headers })).toMatchObject({ status: 404 });
    const wrong = await inside('/internal/lines', json({ name: 'a' }, headers));
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'quantity' }] } });
  });

  it('public operations and their methods do not exist on the internal port, nor the other way round', async () => {
    expect(await inside('/api/v1/open')).toMatchObject({ status: 404 });
    expect(await inside('/api/v1/open', { method: 'POST' })).toMatchObject({ status: 404 });
    expect(await call('/internal/lines', { method: 'PUT' })).toMatchObject({ status: 404 });
    expect(await call('/metrics')).toMatchObject({ status: 404 });
  });

  it('health is on both, metrics are inside, by route pattern and without ids', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/health/startup']) {
      expect(await call(path)).toMatchObject({ status: 200, body: { status: 'up' } });
      expect(await inside(path)).toMatchObject({ status: 200, body: { status: 'up' } });
    }
    await api(`/users/${mine}/things`, { headers: asAda });
    const metrics = await (await fetch(`${service.internalUrl}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/users/:userId/things",status="200"');
    expect(metrics).not.toContain(mine);
  });
});

/** Sends what `fetch` would correct. */
function raw(head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(service.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer)).on('error', reject);
    socket.write(`${head}connection: close\r\n\r\n`);
  });
}
