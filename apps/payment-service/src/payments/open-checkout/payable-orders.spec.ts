import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { generateServiceKeys, ServiceKeys, ServiceTokens } from '@app/auth';
import { Logger } from '@nestjs/common';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuid } from 'uuid';
import type { Config } from '../../config.js';
import { PayableOrders } from './payable-orders.js';

let ticketApi: Server;
let orders: PayableOrders;
let answer: { status: number; body: object };
const said: unknown[] = [];

beforeAll(async () => {
  const note = (message: unknown) => void said.push(message);
  Logger.overrideLogger({ log: note, warn: note, error: note });
  ticketApi = createServer((_, response) => response.writeHead(answer.status).end(JSON.stringify(answer.body)));
  await new Promise<void>((resolve) => ticketApi.listen(0, '127.0.0.1', resolve));
  const ticketApiInternalUrl = `http://127.0.0.1:${(ticketApi.address() as AddressInfo).port}`;
  const keys = generateServiceKeys(['payment-service', 'ticket-api'])['payment-service'];
  const tokens = new ServiceTokens(new ServiceKeys('payment-service', keys));
  orders = new PayableOrders({ ticketApiInternalUrl } as Config, tokens);
});
afterAll(async () => {
  await orders.onApplicationShutdown();
  await new Promise((resolve) => ticketApi.close(resolve));
});

const ask = (times: number) => Promise.all(Array.from({ length: times }, () => orders.find(uuid())));

it('an outage of ticket-api is told once, however many want to pay, and so is its end', async () => {
  const away = 'ticket-api does not answer; what it has told of orders counts';
  answer = { status: 503, body: {} };
  expect(new Set(await ask(5))).toEqual(new Set(['unreachable']));
  await ask(5);
  expect(said).toEqual([away]);
  answer = { status: 404, body: { code: 'not-found' } };
  expect(new Set(await ask(5))).toEqual(new Set(['unknown']));
  expect(said).toEqual([away, 'ticket-api answers again']);
});

it('an answer that cannot be read is told of each order', async () => {
  said.length = 0;
  answer = { status: 200, body: {} };
  expect(await ask(2)).toEqual(['unreachable', 'unreachable']);
  expect(said).toEqual(Array(2).fill('ticket-api cannot say whether the order is still to be paid'));
});
