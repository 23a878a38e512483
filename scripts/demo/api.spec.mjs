import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { call, patientFetch, paymentPage } from './api.mjs';

let server;
let base;
let asked;
let refusals;

beforeEach(async () => {
  asked = 0;
  refusals = 1;
  server = createServer((request, response) => {
    asked += 1;
    if (asked <= refusals) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (request.url.startsWith('/page')) response.writeHead(303, { location: 'http://pay.example/1?x=1' }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}`;
});
afterEach(() => server.close());

it('the demo asks again for a payment page whose service is being restarted', async () => {
  expect(await paymentPage(`${base}/page`)).toBe('http://pay.example/1');
  expect(asked).toBe(2);
});

it('the demo repeats what may be sent again, and nothing else', async () => {
  await call(base, undefined, 'GET', '/events', { expect: 200 });
  expect(asked).toBe(2);
  asked = 0;
  await call(base, undefined, 'POST', '/orders', { expect: 200, headers: { 'idempotency-key': 'k' } });
  expect(asked).toBe(2);
  asked = 0;
  await expect(call(base, undefined, 'POST', '/events', { expect: 200 })).rejects.toThrow('answered 503');
  expect(asked).toBe(1);
});

it('the demo does not wait for ever', async () => {
  refusals = Infinity;
  const { status } = await patientFetch(base, { patience: 0.05 });
  expect(status).toBe(503);
});
