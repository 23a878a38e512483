import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { movementsSince } from './movements.js';

let provider: Server;
let pages: object[][];
beforeAll(async () => {
  provider = createServer((request, response) => {
    const page = request.url?.includes('starting_after') ? 1 : 0;
    response.end(JSON.stringify({ data: pages[page], has_more: page + 1 < pages.length }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => provider.close(resolve)));

const since = () =>
  movementsSince(0, {
    apiBase: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    secretKey: 'sk_test_spec',
  });
const transaction = (type: string, amount: number, source: object | null, fee = 0) => ({
  ...{ id: `txn_${type}`, type, currency: 'eur', source },
  ...{ amount, fee, net: amount - fee },
});
const dispute = { id: 'du_1', object: 'dispute', payment_intent: 'pi_1' };

it('what disputes move counts both ways, without their fee', async () => {
  pages = [[transaction('adjustment', -9000, dispute, 1500)], [transaction('adjustment', 9000, dispute, -1500)]];
  expect(await since()).toEqual([
    { id: 'du_1', what: 'dispute-withdrawn', amount: 9000, currency: 'EUR', isPending: false },
    { id: 'du_1', what: 'dispute-reinstated', amount: 9000, currency: 'EUR', isPending: false },
  ]);
});

it('payments and refunds count without what they cost', async () => {
  const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1' };
  const refund = { id: 're_1', object: 'refund', payment_intent: 'pi_1' };
  pages = [[transaction('charge', 9000, charge, 250), transaction('refund', -4500, refund)]];
  expect(await since()).toEqual([
    { id: 'pi_1', what: 'payment', amount: 9000, currency: 'EUR', isPending: false },
    { id: 're_1', what: 'refund', amount: 4500, currency: 'EUR', isPending: false },
  ]);
});

it.each([
  ['pending', true],
  ['requires_action', true],
  ['succeeded', false],
  ['failed', false],
])('a refund that is %s may still fail: %s', async (status, isPending) => {
  pages = [[transaction('refund', -4500, { id: 're_1', object: 'refund', status })]];
  expect(await since()).toMatchObject([{ id: 're_1', isPending }]);
});

it('other adjustments, fees and payouts are no matter of ours', async () => {
  const others = [{ id: 'po_1', object: 'payout' }, null];
  pages = [[...others.map((source) => transaction('adjustment', -100, source)), transaction('stripe_fee', -15, null)]];
  expect(await since()).toEqual([]);
});
