import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { cancelEvent } from './cancellation.mjs';

const ORDERS = 150;

it('hard case 26: an event is cancelled while ticket-api and payment-service are killed: every cent is back once', async () => {
  const root = join(import.meta.dirname, '../..');
  const { figures, wrong } = await cancelEvent(root, { orders: ORDERS, perSecond: 100, limitSeconds: 90 });
  expect(wrong).toEqual([]);
  expect(figures.orders).toEqual({ toEnd: 0, ended: ORDERS + 20 });
  expect(figures.money.payments).toBeGreaterThanOrEqual(ORDERS);
  expect(figures.money.refunds).toBe(figures.money.payments);
}, 240_000);
