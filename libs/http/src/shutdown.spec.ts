import { describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { generateServiceKeys, ServiceKeys, ServiceTokens } from '@app/auth';
import { operation } from '@app/contracts';
import { get } from 'node:http';
import { createConnection } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { InternalCallError, internalClient } from './internal-client.js';
import { InternalGet } from './internal-route.decorator.js';
import { openService } from './open-service.js';
import { Operation } from './operation.decorator.js';

const slow = operation({
  id: 'slow',
  tag: 't',
  service: 'ticket-api',
  summary: '',
  method: 'GET',
  path: '/slow',
  access: 'anyone',
  responses: { 200: z.any() },
});
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const begun: string[] = [];

@Controller()
class Slow {
  @Operation(slow)
  async slow() {
    begun.push('public');
    await wait(300);
    return { done: true };
  }
  @InternalGet('/internal/broken')
  broken() {
    throw new Error('of its own');
  }
  @InternalGet('/internal/other')
  other() {
    return { done: 'perhaps' };
  }
  @InternalGet('/internal/slow')
  async internal() {
    begun.push('internal');
    await wait(300);
    return { done: true };
  }
}
@Module({ controllers: [Slow] })
class SlowModule {}

const keys = generateServiceKeys(['ticket-api', 'payment-service']);
const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys['ticket-api'] } as const;
const open = (over: Partial<{ port: number; internalPort: number; shutdownDelay: number }> = {}) =>
  openService({ name: 'ticket-api', module: () => SlowModule, operations: [slow] }, { ...config, ...over });
const client = (url: string, timeout?: number) => {
  const tokens = new ServiceTokens(new ServiceKeys('payment-service', keys['payment-service']));
  return internalClient({ service: 'ticket-api', url, tokens, timeout });
};
/** On a connection of its own: one that is kept may carry a further request before it is swept away. */
const alone = (url: string) =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => json(answer).then(resolve, reject)).on('error', reject);
  });
const Done = z.object({ done: z.boolean() });

describe('a service that is stopped', () => {
  it('answers what it has begun, on both ports, and takes nothing new', async () => {
    const service = await open();
    const inside = client(service.internalUrl);
    const running = [alone(`${service.url}/api/v1/slow`), inside.get('/internal/slow', Done)];
    while (begun.length < 2) await wait(10);
    const closed = service.close();
    expect(await Promise.all(running)).toEqual([{ done: true }, { done: true }]);
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
    await inside.close();
    await closed;
  });

  it('first says that it is not ready, and serves on for the delay, each answer ending its connection', async () => {
    const service = await open({ shutdownDelay: 600 });
    const ask = (path: string) => fetch(`${service.url}${path}`);
    expect((await ask('/health/ready')).headers.get('connection')).toBe('keep-alive');
    const began = Date.now();
    const closed = service.close();
    expect((await ask('/health/ready')).status).toBe(503);
    const answer = await ask('/api/v1/slow');
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const inside = await fetch(`${service.internalUrl}/health/live`);
    expect([inside.status, inside.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    expect(Date.now() - began).toBeGreaterThanOrEqual(600);
    await expect(ask('/health/live')).rejects.toThrow();
  });

  it('has no delay unless it is told one', async () => {
    const service = await open();
    const closed = service.close();
    await expect(alone(`${service.url}/health/live`)).rejects.toThrow();
    await closed;
  });

  it('does not wait for connections that ask nothing', async () => {
    const service = await open();
    const sockets = [service.url, service.internalUrl].map((url) =>
      createConnection(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined),
    );
    await wait(50);
    await fetch(`${service.url}/health`);
    const began = Date.now();
    await service.close();
    expect(Date.now() - began).toBeLessThan(5000);
    for (const socket of sockets) socket.destroy();
  });

  it('a port in use is told, and leaves nothing open', async () => {
    const first = await open();
    const taken = Number(new URL(first.url).port);
    await expect(open({ port: taken })).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken });
    await expect(open({ internalPort: taken })).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken });
    await first.close();
    await (await open({ port: taken })).close();
  });
});

describe('calls between services', () => {
  it('tell away, too slow, broken and refused apart, and read the answer', async () => {
    const service = await open();
    const away = client('http://127.0.0.1:1');
    await expect(away.get('/internal/slow', Done)).rejects.toMatchObject({ code: 'service-unavailable' });
    const hasty = client(service.internalUrl, 50);
    await expect(hasty.get('/internal/slow', Done)).rejects.toMatchObject({ code: 'service-unavailable' });
    const lost = client(service.internalUrl);
    await expect(lost.get('/internal/nothing', Done)).rejects.toThrow(InternalCallError);
    await expect(lost.get('/internal/nothing', Done)).rejects.toMatchObject({ status: 404, code: 'not-found' });
    await expect(lost.get('/internal/broken', Done)).rejects.toMatchObject({ code: 'service-unavailable' });
    await expect(lost.get('/internal/other', Done)).rejects.toThrow(z.ZodError);
    await Promise.all([away, hasty, lost].map((one) => one.close()));
    await service.close();
  });
});
