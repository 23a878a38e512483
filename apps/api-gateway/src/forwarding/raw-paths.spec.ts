import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connect } from 'node:net';
import type { RunningService } from '@app/http';
import { AccessTokens } from '../testing/access-tokens.js';
import { openGateway } from '../testing/open-gateway.js';
import { RawPeer } from '../testing/raw-peer.js';
import { openTicketApi, type Published } from '../testing/ticket-api.js';

const ada = '0190a6e0-0000-7000-8000-000000000001';
const tokens = new AccessTokens('key-1');
const published: Published = { keys: [tokens.jwk], revoked: [], asked: { keys: 0, revoked: 0 } };
const peer = new RawPeer();
let ticketApi: RunningService;
let gateway: RunningService;
let bearer: string;

beforeAll(async () => {
  ticketApi = await openTicketApi(published);
  gateway = await openGateway({
    TICKET_API_URL: ticketApi.url,
    TICKET_API_INTERNAL_URL: ticketApi.internalUrl,
    PAYMENT_SERVICE_URL: await peer.listen(),
    NOTIFICATION_SERVICE_URL: 'http://127.0.0.1:1',
    RATE_LIMIT_ADDRESS: '0',
    RATE_LIMIT_CALLER: '0',
  });
  bearer = `authorization: Bearer ${await tokens.sign(ada)}\r\n`;
});
afterAll(async () => {
  await gateway?.close();
  await ticketApi?.close();
  await peer.close();
});

/** The status of exactly this request target, which `fetch` would put straight. */
function statusOf(url: string, target: string, headers = '', method = 'GET'): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString())).on('error', () => undefined);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0)));
    socket.write(`${method} ${target} HTTP/1.1\r\nhost: x\r\n${headers}connection: close\r\n\r\n`);
  });
}

/** What people write to reach, past a door, what stands behind it. */
const disguised = (path: string) => [
  path,
  `/${path}`,
  `//${path}`,
  `/.${path}`,
  `/api/v1/..${path}`,
  `/api/v1/../..${path}`,
  `/api/v1/%2e%2e/%2e%2e${path}`,
  `/api/v1/..%2f..${path}`,
  `/api/v1/events/..;${path}`,
  `/api/v1/events/../../../${path.slice(1)}`,
  `/api/v1/events/%2e%2e%2f%2e%2e%2f%2e%2e${path}`,
  `/api/v1/events/%252e%252e${path}`,
  `\\${path.slice(1)}`,
  `/%5c${path.slice(1)}`,
  path.replace('/i', '/%69').replace('/m', '/%6d'),
  path.replace('/i', '/%2569').replace('/m', '/%256d'),
  path.replace('/i', '/I').replace('/m', '/M'),
  `${path}/`,
  `${path};x=1`,
  `${path}%00`,
  `${path}%20`,
  `${path}?x=/api/v1/events`,
  `${path}#/api/v1/events`,
  `/api/v1/events%00${path}`,
  `/api/v1/payments/checkout/${ada}/..${path}`,
  `http://x${path}`,
  `http://ticket-api${path}`,
  `http://x/api/v1/..${path}`,
  `/api/v1${path}`,
];

it('a request that names two hosts is refused, whatever they are', async () => {
  expect(await statusOf(gateway.url, '/api/v1/events')).toBe(200);
  for (const second of ['host: x', 'Host: evil.example', 'HOST: ']) {
    expect(await statusOf(gateway.url, '/api/v1/events', `${second}\r\n`)).toBe(400);
    expect(await statusOf(gateway.url, '/nowhere', `${second}\r\n`)).toBe(400);
  }
});

describe('what lies inside', () => {
  it.each(['/internal/keys', '/internal/revoked-sessions', '/metrics'])(
    '%s is behind no public port, in whatever form it is asked for',
    async (path) => {
      const targets = disguised(path);
      const statuses = await Promise.all(
        [gateway.url, ticketApi.url].flatMap((url) => targets.map((target) => statusOf(url, target, bearer))),
      );
      expect(statuses.filter((status) => ![400, 404].includes(status))).toEqual([]);
      expect(peer.received).toEqual([]);
    },
  );

  it('is reached by no other form of request either', async () => {
    for (const target of ['*', 'ticket-api:80', '//ticket-api/internal/keys'])
      for (const method of ['GET', 'OPTIONS', 'CONNECT', 'TRACE'])
        expect([0, 400, 404, 405]).toContain(await statusOf(gateway.url, target, bearer, method));
    const sent = `${bearer}x-original-url: /internal/keys\r\nx-rewrite-url: /internal/keys\r\n`;
    expect(await statusOf(gateway.url, '/nothing', sent)).toBe(404);
  });
});

it('what the gateway lets through is for its service the same route, however it is written', async () => {
  const piece = fc.constantFrom(
    ...['/', '//', '/.', '/..', '/%2e', '/%2e%2e', '%2f', '%252f', ';a=b', '%00', '\\', '%5c', '/me', '/users'],
    ...['/events', '/%65vents', '/Events', '/event%73', `/${ada}`, '?limit=1', '?', '%', '%zz', '%C3%BC', '/api/v1'],
  );
  const path = fc
    .array(piece, { maxLength: 5 })
    .map((pieces) => `/api/v1${pieces.join('')}`)
    // Where to begin is told by the gateway itself.
    .filter((target) => target.split('?', 1)[0] !== '/api/v1');
  await fc.assert(
    fc.asyncProperty(path, async (target) => {
      const here = await statusOf(gateway.url, target);
      if (here === 404 || here === 405 || here === 400) return;
      expect([target, await statusOf(ticketApi.url, target)]).toEqual([target, here]);
    }),
    {
      numRuns: 200,
      examples: [['/api/v1/events'], ['/api/v1/%65vents'], ['/api/v1/users/me'], ['/api/v1/users/%6de']],
    },
  );
}, 30_000);
