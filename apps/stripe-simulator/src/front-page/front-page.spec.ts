import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SimulatorUnderTest } from '../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
beforeAll(async () => void (simulator = await SimulatorUnderTest.open()));
afterAll(() => simulator.close());

it("the simulator's own address says what it is and where to go, to whoever opens it", async () => {
  const answer = await fetch(`${simulator.url}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
  const page = await answer.text();
  for (const part of ['Stripe simulator', 'no money moves', 'checkoutUrl', '/v1', '>Health</a>'])
    expect(page).toContain(part);
  expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
});

it('another address that it does not know stays unknown', async () => {
  expect((await fetch(`${simulator.url}/simulator`)).status).toBe(404);
});
