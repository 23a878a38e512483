import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cable, eventually } from '@app/testing';
import { order, SECRET_KEY, SimulatorUnderTest } from '../testing/simulator-under-test.js';

describe('while its database is away', () => {
  let simulator: SimulatorUnderTest;
  let cable: Cable;
  let session: string;

  beforeAll(async () => {
    simulator = await SimulatorUnderTest.open();
    const { id } = await simulator.stripe().checkout.sessions.create(order());
    session = `/simulator/checkout/${id}`;
    await simulator.stop();
    const through = await Cable.to(simulator.database.url, 5432);
    cable = through.cable;
    await simulator.start({ databaseUrl: through.url });
    await cable.pull();
  });
  afterAll(async () => {
    await cable?.pull();
    await simulator?.close();
  });

  const ask = (method: string, url: string, headers: Record<string, string> = {}) => fetch(url, { method, headers });

  it.each([
    ['GET', ''],
    ['POST', '/pay'],
  ])('the page (%s %s) is 503 with Retry-After, and a page', async (method, button) => {
    const answer = await ask(method, `${simulator.url}${session}${button}`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('Please try again in a moment');
  });

  it('the API is 503 with Retry-After, in the shape of its errors', async () => {
    const answer = await ask('GET', `${simulator.url}/v1/refunds`, { authorization: `Bearer ${SECRET_KEY}` });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ error: { type: 'api_error' } });
  });

  it('so is what commands it', async () => {
    const answer = await ask('GET', `${simulator.adminUrl}/ledger`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('and when it is back, the page is there and can be paid', async () => {
    await cable.plugIn();
    await eventually(async () => expect((await ask('GET', simulator.url + session)).status).toBe(200));
    const paid = await fetch(`${simulator.url}${session}/pay`, { method: 'POST', redirect: 'manual' });
    expect(paid.status).toBe(303);
  });
});
