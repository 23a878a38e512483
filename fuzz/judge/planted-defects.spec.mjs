import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { operationsOf } from '../document/operations.mjs';
import { Shapes } from '../document/shapes.mjs';
import { Exchange } from '../exchange.mjs';
import { Secrets } from '../logs/secrets.mjs';
import { Actor } from '../people/actor.mjs';
import { Facts } from '../pool/facts.mjs';
import { Pool } from '../pool/pool.mjs';
import { Sender } from '../send/send.mjs';

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'));
const operations = operationsOf(document);
const shapes = new Shapes(document);
const ID = '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47';
const OTHER = '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e48';
const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
const problem = (status, code) => ({
  status,
  headers: { ...SAFE, 'content-type': 'application/problem+json', 'x-request-id': 'r-1' },
  body: { type: `urn:problem:${code}`, title: 'T', status, detail: 'D', instance: '/', code, requestId: 'r-1' },
});
const json = (status, body, headers = {}) => ({
  status,
  headers: {
    'content-type': 'application/json',
    'x-request-id': 'r-1',
    ...SAFE,
    ...headers,
  },
  body,
});
const user = { id: ID, email: 'a@example.com', name: 'A', roles: [], emailVerified: true, secondFactor: false };
const missing = problem(404, 'not-found');
const unauthenticated = problem(401, 'unauthenticated');
unauthenticated.headers['www-authenticate'] = 'Bearer';

/** A service whose every answer is decided here. */
let answers;
let server;
let sender;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === 'hang up') return request.socket.destroy();
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
    response.writeHead(answer.status, answer.headers).end(answer.body === undefined ? undefined : body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sender = new Sender(`http://127.0.0.1:${server.address().port}`, 1);
});
afterAll(async () => {
  await sender.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function found(id, given, request = {}) {
  answers = [given].flat();
  const operation = operations.find((one) => one.id === id);
  const nothing = async () => undefined;
  const { hows, self } = new Actor();
  const actor = { name: 'stranger', ids: new Set([OTHER]), credential: async () => ({}), renew: nothing, hows, self };
  const cast = {
    actor: (name) => (name === 'nobody' ? { name, ids: new Set() } : actor),
    bad: { rubbish: 'Bearer rubbish' },
  };
  const facts = new Facts();
  facts.organizationOf.set(ID, ID);
  facts.join(ID, 'organizer');
  facts.own(ID, ID, 'somebody');
  const exchange = new Exchange({ sender, cast, pool: new Pool(), facts, shapes, secrets: new Secrets() });
  const path = operation.path.replaceAll(/\{\w+\}/g, request.id ?? OTHER);
  const drawn = {
    operation,
    who: 'stranger',
    how: 'bearer',
    method: operation.method,
    path,
    headers: {},
    oddities: {},
    ...request,
  };
  return (await exchange.perform(0, drawn, 0)).wrong.join('\n');
}

const body = (value) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const nobody = { who: 'nobody', how: 'none' };
const wish = { eventId: ID, items: [{ ticketTypeId: ID, quantity: 1 }] };

describe('answers as they should be', () => {
  it.each([
    ['a success', 'getProfile', json(200, user), {}],
    ['a refusal', 'getOrder', missing, { id: ID }],
    ['no credential', 'getOrder', unauthenticated, nobody],
    [
      'away for a moment',
      'getProfile',
      { ...problem(503, 'service-unavailable'), headers: { ...missing.headers, 'retry-after': '1' } },
      {},
    ],
    ['still running', 'placeOrder', [problem(409, 'idempotency-in-flight')], { ...body(wish), again: true }],
  ])('%s: nothing is found', async (_, id, answer, request) => expect(await found(id, answer, request)).toBe(''));
});

describe('a planted defect is found:', () => {
  it.each([
    ['a 500', 'getProfile', problem(500, 'internal-error'), {}, 'the server failed'],
    [
      'a 503 that does not say when to come back',
      'getProfile',
      problem(503, 'service-unavailable'),
      {},
      'the server failed',
    ],
    ['a connection that ends', 'getProfile', 'hang up', {}, 'no answer'],
    ['a status that is not declared', 'getProfile', json(206, user), {}, '206: is not declared for getProfile'],
    [
      'a code that is not declared',
      'getProfile',
      problem(422, 'scan-id-reused'),
      {},
      'the code scan-id-reused is not declared',
    ],
    ['a field that is not declared', 'getProfile', json(200, { ...user, passwordHash: 'x' }), {}, 'passwordHash'],
    ['a field that is missing', 'getProfile', json(200, { ...user, id: undefined }), {}, "required property 'id'"],
    [
      'a type that is not declared',
      'getProfile',
      json(200, '<p>', { 'content-type': 'text/html' }),
      {},
      'text/html is not declared',
    ],
    ['JSON that is none', 'getProfile', json(200, '{'), {}, 'is no JSON'],
    ['no request id', 'getProfile', json(200, user, { 'x-request-id': '' }), {}, 'no X-Request-Id'],
    [
      'another request id',
      'getProfile',
      json(200, user),
      { headers: { 'x-request-id': 'mine' }, oddities: { headers: true } },
      'another X-Request-Id',
    ],
    ['a problem without its document', 'getOrder', json(404, { error: 'no' }), { id: ID }, 'no problem document'],
    [
      "a problem with another's status",
      'getOrder',
      { ...missing, body: { ...missing.body, status: 400 } },
      { id: ID },
      'the problem says 400',
    ],
    [
      'a problem without a code',
      'getOrder',
      { ...missing, body: { ...missing.body, code: undefined } },
      { id: ID },
      "problem's code is not there",
    ],
    ['a 401 that does not say how', 'getOrder', problem(401, 'unauthenticated'), nobody, 'no WWW-Authenticate'],
    ['an open door', 'getProfile', json(200, user), nobody, 'answered without a good credential'],
    [
      'a door that takes a false token',
      'getProfile',
      json(200, user),
      { who: 'nobody', how: 'rubbish' },
      'answered without a good credential (rubbish)',
    ],
    ['a door behind which one is told more than 401', 'getOrder', missing, nobody, 'not 401'],
    ["another's order", 'cancelOrder', json(200, {}), { id: ID }, "let to another's order"],
    [
      "that another's order exists",
      'getOrder',
      problem(403, 'forbidden'),
      { id: ID },
      "another's order does not exist",
    ],
    ["another's event", 'publishEvent', json(200, {}), { id: ID }, "let to another's event"],
    [
      'a write from another site',
      'updateProfile',
      json(200, user),
      { how: 'cookie from another site', ...body({}) },
      'from another site was done',
    ],
    [
      'an extra field',
      'updateProfile',
      json(200, user),
      { ...body({ surprise: 1 }), oddities: { extra: 'surprise' } },
      'a body that does not fit was taken',
    ],
    ['a wrong kind', 'updateProfile', json(200, user), body({ name: 1 }), '/name must be string'],
    ['no JSON', 'updateProfile', json(200, user), { ...body({}), body: '{' }, 'no JSON was taken'],
    [
      'a wrong type',
      'updateProfile',
      json(200, user),
      { body: '{}', headers: { 'content-type': 'text/plain' } },
      'of type text/plain was taken',
    ],
    ['a missing body', 'placeOrder', json(201, {}), {}, 'no body was taken'],
    [
      'a query that nobody knows',
      'listOrders',
      json(200, { data: [], nextCursor: null }),
      { oddities: { query: 'unknown' } },
      'unknown name was taken',
    ],
    ['a webhook that nobody signed', 'receiveWebhook', json(200, {}), nobody, 'without a signature'],
    [
      'another answer to the same key',
      'updateProfile',
      [json(200, user), json(200, { ...user, name: 'B' }, { 'idempotent-replayed': 'true' })],
      { ...body({}), again: true },
      "not the first answer's body",
    ],
    [
      'a second deed for the same key',
      'updateProfile',
      [json(200, user), json(200, user)],
      { ...body({}), again: true },
      'Idempotent-Replayed',
    ],
    [
      'a stack',
      'getOrder',
      { ...missing, body: { ...missing.body, detail: 'Error at run (/app/dist/main.js:3:7)' } },
      { id: ID },
      'a stack frame',
    ],
    [
      'SQL',
      'getOrder',
      { ...missing, body: { ...missing.body, detail: 'select id from users where id = 1' } },
      { id: ID },
      'tells SQL',
    ],
    [
      'a message of PostgreSQL',
      'getOrder',
      { ...missing, body: { ...missing.body, detail: 'duplicate key value violates unique constraint "x"' } },
      { id: ID },
      'a message of PostgreSQL',
    ],
    [
      'a class',
      'getOrder',
      { ...missing, body: { ...missing.body, title: 'QueryFailedError' } },
      { id: ID },
      'an error class',
    ],
    [
      'an address of a server',
      'getOrder',
      { ...missing, body: { ...missing.body, detail: 'postgres://db' } },
      { id: ID },
      'an address of a server',
    ],
    [
      'a page that others may frame',
      'getProfile',
      json(200, user, { 'content-security-policy': "default-src 'none'" }),
      {},
      'may be framed',
    ],
    [
      'a type that a browser may guess',
      'getOrder',
      { ...missing, headers: { ...missing.headers, 'x-content-type-options': '' } },
      { id: ID },
      'no X-Content-Type-Options',
    ],
    ['where one comes from', 'getProfile', json(200, user, { 'referrer-policy': '' }), {}, 'no Referrer-Policy'],
    ['what it is made of', 'getProfile', json(200, user, { 'x-powered-by': 'x' }), {}, 'what it is made of'],
  ])('%s', async (_, id, answer, request, what) => expect(await found(id, answer, request)).toContain(what));

  it('a good credential that is refused while it is good elsewhere', async () => {
    expect(await found('listOrders', [unauthenticated, json(200, user), unauthenticated])).toContain(
      'a good credential is refused',
    );
    expect(await found('listOrders', [unauthenticated, unauthenticated])).toBe('');
  });
});
