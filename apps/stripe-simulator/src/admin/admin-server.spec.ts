import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
beforeAll(async () => void (simulator = await SimulatorUnderTest.open({ host: '0.0.0.0' })));
afterAll(() => simulator.close());

const wellBehaved = {
  webhooks: { copies: 1, delaySeconds: 0, shuffleSeconds: 0, drop: false },
  faults: [],
  port: { open: true },
  refunds: {},
};

describe('the admin API', () => {
  it('says how the simulator misbehaves, and resets all of it', async () => {
    await simulator.admin('PUT', '/webhooks', { copies: 5, drop: true });
    await simulator.admin('POST', '/faults', { fault: 'error', path: '/v1/refunds' });
    await simulator.admin('PUT', '/refunds', { begins: 'succeeded', ends: 'failed' });
    await simulator.admin('PUT', '/port', { open: false });
    expect((await simulator.admin('GET', '/')).answer).toMatchObject({
      webhooks: { copies: 5, drop: true },
      faults: [{ fault: 'error', status: 500, path: '/v1/refunds', struck: 0 }],
      port: { open: false },
      refunds: { begins: 'succeeded', ends: 'failed', failureReason: 'unknown', given: 0 },
    });
    expect(await simulator.admin('POST', '/reset')).toEqual({ status: 200, answer: wellBehaved });
    expect(await simulator.admin('GET', '/')).toEqual({ status: 200, answer: wellBehaved });
  });

  it('listens on loopback only, wherever the simulator listens', async () => {
    const elsewhere = (address: string) => fetch(address.replace('127.0.0.1', '127.0.0.2'));
    expect((await elsewhere(`${simulator.url}/health`)).status).toBe(200);
    await expect(elsewhere(simulator.adminUrl)).rejects.toThrow();
  });

  it('takes JSON only, which no page of another site can send', async () => {
    const response = await fetch(`${simulator.adminUrl}/reset`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(415);
  });

  it("is not part of Stripe's API", async () => {
    expect((await fetch(`${simulator.url}/faults`)).status).toBe(404);
    expect((await fetch(`${simulator.adminUrl}/v1/account`)).status).toBe(404);
  });

  it.each([
    ['PUT', '/webhooks', { copies: 0 }, 400, /copies: .*>=1/],
    ['PUT', '/webhooks', { copies: 'five' }, 400, /copies: .*number/],
    ['PUT', '/webhooks', { times: 5 }, 400, /"times"/],
    ['PUT', '/webhooks', { delaySeconds: -1, types: ['a b'] }, 400, /delaySeconds: .*; types\[0\]: must be a type/],
    ['POST', '/webhooks/resend', { events: ['evt_none'] }, 404, /no event evt_none/],
    ['GET', '/webhooks?state=lost', undefined, 400, /state: .*pending/],
    ['POST', '/faults', { fault: 'flood' }, 400, /fault: /],
    ['POST', '/faults', { fault: 'error', path: 'refunds' }, 400, /path: must begin with \/v1\//],
    ['POST', '/faults', { fault: 'error', status: 400 }, 400, /status: /],
    ['POST', '/faults', { fault: 'slow' }, 400, /seconds: /],
    ['DELETE', '/faults/99', undefined, 404, /no fault '99'/],
    ['PUT', '/port', {}, 400, /open: /],
    ['PUT', '/refunds', { begins: 'pending', ends: 'pending' }, 400, /ends: /],
    ['PUT', '/refunds', { begins: 'succeeded', ends: 'succeeded' }, 400, /well-behaved/],
    ['POST', '/refunds', { amount: 100 }, 400, /paymentIntent: /],
    ['POST', '/refunds', { paymentIntent: 'pi_none' }, 404, /No such payment_intent: 'pi_none'/],
    ['POST', '/refunds/re_none/fail', {}, 404, /No such refund: 're_none'/],
    ['POST', '/disputes', {}, 400, /either charge or paymentIntent/],
    ['POST', '/disputes', { paymentIntent: 'pi_none' }, 404, /No such payment_intent: 'pi_none'/],
    ['POST', '/disputes/du_none/close', { outcome: 'won' }, 404, /No such dispute: 'du_none'/],
    ['POST', '/disputes/du_none/close', { outcome: 'draw' }, 400, /outcome: .*lost/],
    ['GET', '/ledger?limit=0', undefined, 400, /limit: /],
    ['GET', '/nothing', undefined, 404, /There is no GET \/nothing; there is: .*POST \/reset/],
  ] as const)('says what was wrong with %s %s %j', async (method, path, body, status, error) => {
    expect(await simulator.admin(method, path, body)).toEqual({
      status,
      answer: { error: expect.stringMatching(error) },
    });
  });
});

it('without a port there is no admin API', async () => {
  const quiet = await SimulatorUnderTest.open({ adminPort: undefined });
  expect(quiet.adminUrl).toMatch(/undefined$/);
  await quiet.close();
});
