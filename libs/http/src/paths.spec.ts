import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'node:net';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { RunningService } from './open-service.js';
import { ask, json as jsonAs } from './testing/ask.js';
import { ada, headersOf, headersOfAda, mine, openSampleService } from './testing/sample-service.js';

let service: RunningService;
let asAda: Record<string, string>;
beforeAll(async () => {
  [service, asAda] = await Promise.all([openSampleService(), headersOfAda()]);
});
afterAll(() => service?.close());

const api = (path: string, init?: RequestInit) => ask(`${service.url}/api/v1${path}`, init);
const json = (body: unknown, headers = asAda) => jsonAs(body, headers);

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

  describe('of somebody who signs in at another issuer', () => {
    const asking = async (externalId: string | undefined, path: string) => {
      const known = externalId === undefined ? {} : { externalId };
      const headers = await headersOf({ ...ada, issuer: 'https://issuer.example', ...known });
      return (await api(path, { headers })).body;
    };

    it.each([
      ...['auth0|5f7c', 'eu-central-1:0f3a', 'ada@example.org', 'a/b', 'a?b#c', '%41', '%2F', 'Ünï 😀', '+', ' x '],
      ...[mine.toUpperCase(), 'x'.repeat(255), 'constructor', '__proto__', "' or 1=1"],
    ])('%p is the caller, where the caller is called so', async (externalId) => {
      const path = `/users/${encodeURIComponent(externalId)}/things`;
      expect(await asking(externalId, path)).toEqual({ userId: ada.userId });
      expect(await asking('Somebody', path)).not.toEqual({ userId: ada.userId });
    });

    it('ids and `me` mean what they mean for everybody', async () => {
      for (const externalId of ['me', ada.userId, 'grete', undefined]) {
        expect(await asking(externalId, '/people/me')).toEqual({ userId: ada.userId });
        expect(await asking(externalId, `/people/${mine}`)).toEqual({ userId: mine });
      }
    });

    it('what others may be called is somebody else, as any id that is not the caller’s', async () => {
      for (const other of ['grete', 'GRETE2', 'a%2Fb', '%00', 'undefined', 'x'.repeat(5000)])
        expect(await asking('Grete', `/people/${other}`)).toEqual({ userId: expect.stringMatching(/^[0-]{36}$/) });
      expect(await asking(undefined, '/people/undefined')).toEqual({ userId: expect.stringMatching(/^[0-]{36}$/) });
    });

    it('it stands for a person alone', async () => {
      const headers = await headersOf({ ...ada, issuer: 'https://issuer.example', externalId: 'grete' });
      for (const externalId of ['grete', 'me'])
        expect((await api(`/things/${externalId}/poke`, { method: 'POST', headers })).status).toBe(404);
    });
  });

  it('a cursor is one that we gave', () => {
    const position = z.strictObject({ at: z.iso.datetime(), id: z.uuid() });
    const given = { at: '2030-06-01T18:00:00Z', id: mine };
    expect(decodeCursor(encodeCursor(given), position)).toEqual(given);
    for (const cursor of ['', 'x', encodeCursor(null), encodeCursor({ ...given, id: "' or 1=1" })])
      expect(() => decodeCursor(cursor, position)).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  });

  it('a path that cannot be decoded names nothing', async () => {
    const answer = await raw(`GET /api/v1/users/%zz/things HTTP/1.1\r\nhost: x\r\nx-request-id: r-77\r\n`);
    expect(answer).toContain('404 Not Found');
    expect(answer).toContain('"requestId":"r-77"');
    expect(answer.toLowerCase()).toContain('x-request-id: r-77');
    for (const header of ['x-content-type-options: nosniff', "frame-ancestors 'none'", 'referrer-policy: no-referrer'])
      expect(answer.toLowerCase()).toContain(header);
  });

  it('tells a wrong method from a path that names nothing', async () => {
    const wrong = await api('/lines', { method: 'DELETE', headers: asAda });
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await api(`/things/${mine}`, { method: 'PUT' })).headers.get('allow')).toBe('DELETE, PATCH');
    expect(await api('/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await api('/open/')).toMatchObject({ status: 404 });
    expect(await ask(`${service.url}//api/v1/open`)).toMatchObject({ status: 404 });
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

describe('what is no request', () => {
  it.each([
    ['a head that is too long', `GET /api/v1/open?q=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['no HTTP at all', 'EHLO mail.example\r\n\r\n', 400],
    ['a header with a space in its name', 'GET /api/v1/open HTTP/1.1\r\nhost: x\r\na b: c\r\n\r\n', 400],
    ['two lengths', 'POST /api/v1/lines HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}', 400],
  ])('%s is told so as a problem, and that the connection ends', async (_, head, status) => {
    const answer = await raw(head, '');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    const body = JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { requestId: string };
    expect(body).toMatchObject({ status, code: 'malformed-body', type: 'urn:problem:malformed-body' });
    expect(answer).toMatch(new RegExp(`^x-request-id: ${body.requestId}\r$`, 'im'));
  });
});

/** Sends what `fetch` would correct. */
function raw(head: string, end = 'connection: close\r\n\r\n'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(service.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer)).on('error', reject);
    socket.write(head + end);
  });
}
