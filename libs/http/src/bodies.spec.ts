import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from './open-service.js';
import { ask, json as jsonAs } from './testing/ask.js';
import { ada, headersOfAda, mine, openSampleService } from './testing/sample-service.js';

let service: RunningService;
let asAda: Record<string, string>;
beforeAll(async () => {
  [service, asAda] = await Promise.all([openSampleService(), headersOfAda()]);
});
afterAll(() => service?.close());

const api = (path: string, init?: RequestInit) => ask(`${service.url}/api/v1${path}`, init);
const json = (body: unknown, headers = asAda) => jsonAs(body, headers);
const good = { items: [{ name: 'a', quantity: 1 }] };

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

  it.each([
    [
      'a key that reaches a prototype',
      '{"note":{"__proto__":1}}',
      'The body has a key that is not allowed: `__proto__`',
    ],
    ['a prototype of a constructor', '{"note":{"constructor":{"prototype":1}}}', 'The body has a key'],
    ['what is not JSON, such a key or not', '{"__proto__":', 'The body is not JSON.'],
  ])('%s is told as what it is', async (_, body, detail) => {
    expect((await api('/lines', json(body))).body.detail).toMatch(detail);
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

  const encoded = (encoding: string, path = '/lines', body: Uint8Array | string = JSON.stringify(good)) =>
    api(path, { ...json('', { ...asAda, 'content-encoding': encoding }), body: body as RequestInit['body'] });

  it.each(['gzip', 'br', 'x-gzip', 'identity, gzip', 'gzip, identity', 'rubbish'])(
    'a body encoded as "%s" is not taken, whatever its bytes say, on raw routes neither',
    async (encoding) => {
      const refused = {
        status: 415,
        body: { code: 'unsupported-media-type', detail: expect.stringMatching(/encoding/i) },
      };
      expect(await encoded(encoding)).toMatchObject(refused);
      expect(await encoded(encoding, '/lines', gzipSync(JSON.stringify(good)))).toMatchObject(refused);
      expect(await encoded(encoding, '/hook')).toMatchObject(refused);
      expect(await encoded(encoding, '/hook', '')).toMatchObject(refused);
    },
  );

  it.each(['identity', 'Identity', ''])('the encoding "%s" is none', async (encoding) => {
    expect((await encoded(encoding)).status).toBe(201);
    expect((await encoded(encoding, '/hook')).body).toMatchObject({ buffer: true });
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
