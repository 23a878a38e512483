import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceCaller, ServiceKeys, ServiceTokens } from '@app/auth';
import { createLogger } from '@app/observability';
import type { RunningService } from './open-service.js';
import { ask, json as jsonAs } from './testing/ask.js';
import { headersOfAda, keys, mine, openSampleService } from './testing/sample-service.js';

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

describe('the two ports', () => {
  const as = async (name: 'payment-service' | 'notification-service') => ({
    authorization: `Bearer ${await new ServiceTokens(new ServiceKeys(name, keys[name])).sign('ticket-api')}`,
  });
  const inside = (path: string, init?: RequestInit) => ask(service.internalUrl + path, init);

  it('internal routes take a named service with its token, on the internal port only', async () => {
    const headers = await as('payment-service');
    const path = `/internal/things/${mine}`;
    expect(await inside(path, { headers })).toMatchObject({ status: 200, body: { id: mine, from: 'payment-service' } });
    expect(await ask(service.url + path, { headers })).toMatchObject({ status: 404 });
    expect(await inside(path)).toMatchObject({ status: 401 });
    expect(await inside(path, { headers: asAda })).toMatchObject({ status: 401 });
    expect(await inside(path, { headers: await as('notification-service') })).toMatchObject({ status: 403 });
    const told = lines.filter(({ event }) => event === 'auth.service-token-refused');
    expect(told.map(({ level, reason, caller }) => [level, reason, caller])).toEqual([
      ['warn', 'none', undefined],
      ['warn', 'none', undefined],
      ['warn', 'not-a-caller', 'notification-service'],
    ]);
    expect(told[0]).toMatchObject({ route: 'GET /internal/things/:thingId' });
    expect(await inside('/internal/things/7', { headers })).toMatchObject({ status: 404 });
    const wrong = await inside('/internal/lines', json({ name: 'a' }, headers));
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'quantity' }] } });
  });

  it('a service that calls at the public door is refused, whatever let it come so far', async () => {
    const tokens = new ServiceTokens(new ServiceKeys('ticket-api', keys['ticket-api']));
    const caller = new ServiceCaller(tokens, {} as never);
    const headers = await as('payment-service');
    const call = (arrivedOn: string) => caller.authenticate({ arrivedOn, headers } as never, {});
    expect(await call('internal')).toBe(true);
    await expect(call('public')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('public operations and their methods do not exist on the internal port, nor the other way round', async () => {
    expect(await inside('/api/v1/open')).toMatchObject({ status: 404 });
    expect(await inside('/api/v1/open', { method: 'POST' })).toMatchObject({ status: 404 });
    expect(await ask(`${service.url}/internal/lines`, { method: 'PUT' })).toMatchObject({ status: 404 });
    expect(await ask(`${service.url}/metrics`)).toMatchObject({ status: 404 });
  });

  it('health is on both, metrics are inside, by route pattern and without ids', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/health/startup']) {
      expect(await ask(service.url + path)).toMatchObject({ status: 200, body: { status: 'up' } });
      expect(await inside(path)).toMatchObject({ status: 200, body: { status: 'up' } });
    }
    await api(`/users/${mine}/things`, { headers: asAda });
    const metrics = await (await fetch(`${service.internalUrl}/metrics`)).text();
    expect(metrics).toContain('route="/api/v1/users/:userId/things",status="200"');
    expect(metrics).not.toContain(mine);
  });

  it('a crowd that connects in one moment is let in, not left to try again in a second', async () => {
    const port = Number(new URL(service.url).port);
    const crowd = Array.from({ length: 1_500 }, () => connect(port, '127.0.0.1'));
    let inside = 0;
    for (const socket of crowd) socket.on('error', () => undefined).once('connect', () => (inside += 1));
    await sleep(900);
    for (const socket of crowd) socket.destroy();
    expect(inside).toBeGreaterThan(1_200);
  });
});
