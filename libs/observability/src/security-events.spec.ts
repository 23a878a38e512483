import { afterEach, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { requestContext } from './request-context.js';
import { SECURITY_EVENTS, SecurityEvents } from './security-events.js';

afterEach(() => void jest.useRealTimers());

function open(most?: number) {
  const lines: Record<string, unknown>[] = [];
  const metrics = new Metrics('spec');
  const logger = createLogger('spec', 'info', { write: (line) => lines.push(JSON.parse(line)) });
  const counted = async () => /security_events_total\{.*\} (\d+)/.exec(await metrics.registry.metrics())?.[1];
  return { lines, counted, events: new SecurityEvents(logger, metrics, most) };
}

it('is one line, as loud as it is serious, in the name of who makes the request', () => {
  const { lines, events } = open();
  const network = () => '2001:db8:0:1::/64';
  const context = { requestId: 'r-1', correlationId: 'c-1', traceparent: '', network };
  requestContext.run({ ...context, caller: { kind: 'person', id: 'u-1' } }, () => events.tell('auth.sessions-ended'));
  requestContext.run({ ...context, caller: { kind: 'key', id: 'k-1', name: 'till' } }, () =>
    events.tell('access.refused', { reason: 'forbidden' }),
  );
  events.tell('auth.refresh-token-reused', { userId: 'u-2', sessionId: 's-2' });
  expect(lines).toMatchObject([
    { level: 'info', event: 'auth.sessions-ended', userId: 'u-1', network: network(), requestId: 'r-1' },
    { level: 'warn', event: 'access.refused', keyId: 'k-1', reason: 'forbidden' },
    { level: 'warn', event: 'auth.refresh-token-reused', userId: 'u-2', sessionId: 's-2' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('till');
});

it('fills no disk: so many of a name in a minute, the others are counted and their number is told', async () => {
  jest.useFakeTimers();
  const { lines, events, counted } = open(2);
  for (let at = 0; at < 5; at++) events.tell('auth.sign-in-failed');
  events.tell('auth.signed-in');
  expect(lines.map(({ event }) => event)).toEqual(['auth.sign-in-failed', 'auth.sign-in-failed', 'auth.signed-in']);
  jest.advanceTimersByTime(59_000);
  expect(lines).toHaveLength(3);
  jest.advanceTimersByTime(1_000);
  expect(lines[3]).toMatchObject({ level: 'warn', event: 'auth.sign-in-failed', leftOut: 3 });
  events.tell('auth.sign-in-failed');
  expect(lines).toHaveLength(5);
  expect(lines[4]).not.toHaveProperty('leftOut');
  jest.useRealTimers();
  expect(await counted()).toBe('6');
});

it('of a process that ends tells how many it has left out', () => {
  const { lines, events } = open(1);
  for (let at = 0; at < 3; at++) events.tell('access.refused');
  events.onApplicationShutdown();
  events.onApplicationShutdown();
  expect(lines.slice(1)).toEqual([expect.objectContaining({ event: 'access.refused', leftOut: 2 })]);
});

it('the names that operators alert on are those of the code, with their levels', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/security-events.md'), 'utf8');
  const told = [...document.matchAll(/^\| `([a-z.-]+)` +\| (\w+) +\|/gm)].map(([, name, level]) => [name, level]);
  expect(told).toEqual(Object.entries(SECURITY_EVENTS));
});
