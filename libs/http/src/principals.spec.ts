import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, Principal } from '@app/auth';
import type { Scope } from '@app/contracts';
import { createLogger } from '@app/observability';
import type { RunningService } from './open-service.js';
import { ask } from './testing/ask.js';
import { ada, headersOf, mine, openSampleService } from './testing/sample-service.js';

let service: RunningService;
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  const logger = createLogger('things', 'warn', { write: (line) => lines.push(JSON.parse(line)) });
  service = await openSampleService(logger, ['ada@example.com']);
});
afterAll(() => service?.close());

const call = async (path: string, who: Principal, method = 'GET') =>
  ask(`${service.url}/api/v1${path}`, { method, headers: await headersOf(who) });
const key = (...scopes: Scope[]): ApiKey => ({
  keyId: '0190a6e0-0000-7000-8000-0000000000c1',
  tenantId: '0190a6e0-0000-7000-8000-0000000000c2',
  name: 'Shop',
  scopes,
});

describe("an organization's key", () => {
  it('makes a call that names scopes when it has them all, as what it is', async () => {
    const shop = key('orders:read', 'checkin');
    expect(await call('/keyed', shop)).toMatchObject({ status: 200, body: shop });
    expect(await call('/keyed', ada)).toMatchObject({ status: 200, body: { userId: ada.userId } });
  });

  it('is forbidden a call whose scope it lacks, and every call that names none', async () => {
    const lacking = await call('/keyed', key('orders:write'));
    expect(lacking).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(lacking.body.detail).toContain('orders:read');
    const { keyId } = key();
    const told = { level: 'warn', event: 'access.refused', keyId, route: 'GET /api/v1/keyed', reason: 'forbidden' };
    expect(lines.at(-1)).toMatchObject(told);
    expect(await call(`/things/${mine}/poke`, key('orders:write'), 'POST')).toMatchObject({ status: 403 });
    expect(await call('/users/me/things', key('orders:read'))).toMatchObject({ status: 403 });
  });

  it('on a call for anyone is seen with the scope, and is anyone without', async () => {
    expect(await call('/seen', key('events:read'))).toMatchObject({ status: 200, body: { who: 'Shop' } });
    expect(await call('/seen', key('orders:read'))).toMatchObject({ status: 200, body: { who: 'anyone' } });
    expect(await call('/open', key('events:read'))).toMatchObject({ status: 200, body: { hello: 'stranger' } });
  });
});

describe('the administration of the platform', () => {
  it('is for those whom the configuration names, by the proven e-mail of an account of ours', async () => {
    expect(await call('/rule', ada, 'POST')).toMatchObject({ status: 200 });
    for (const other of [
      { ...ada, email: 'bob@example.com' },
      { ...ada, emailVerified: false },
      { ...ada, issuer: 'https://issuer.example' },
      key('events:write'),
    ])
      expect(await call('/rule', other, 'POST')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});
