import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@app/observability';
import type { RunningService } from './open-service.js';
import { ask, json as jsonAs } from './testing/ask.js';
import { ada, headersOfAda, mine, openSampleService } from './testing/sample-service.js';

let service: RunningService;
let asAda: Record<string, string>;
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  const logger = createLogger('things', 'warn', { write: (line) => lines.push(JSON.parse(line)) });
  [service, asAda] = await Promise.all([openSampleService(logger), headersOfAda()]);
});
afterAll(() => service?.close());

const api = (path: string, init?: RequestInit) => ask(`${service.url}/api/v1${path}`, init);
const json = (body: unknown, headers = asAda) => jsonAs(body, headers);

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
    const told = { event: 'access.refused', route: 'PATCH /api/v1/things/:thingId', reason: 'not-found' };
    expect(lines).toEqual([expect.objectContaining(told), expect.objectContaining(told)]);
    expect(lines[0]).toMatchObject({ userId: ada.userId, network: '127.0.0.1' });
  });

  it('a credential that does not fit is refused even where none is needed', async () => {
    expect(await api('/open', { headers: { 'x-identity': 'nonsense' } })).toMatchObject({ status: 401 });
    expect(lines.at(-1)).toMatchObject({ level: 'warn', event: 'auth.identity-refused' });
    expect(await api('/open', { headers: asAda })).toMatchObject({ status: 200, body: { hello: 'Ada' } });
    expect(await api('/open')).toMatchObject({ status: 200, body: { hello: 'stranger' } });
  });
});
