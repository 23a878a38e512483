import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { audit as run, auditEnvironmentOf } from '../support/audit.js';
import { pay } from '../support/payment-page.js';
import { person, type Person } from '../support/people.js';
import { expecting, placeOrder, sale, type Sale } from '../support/sale.js';

describe('npm run audit', () => {
  let platform: Platform;
  let selling: Sale;
  let buyer: Person;
  let environment: Record<string, string>;
  const audit = (...arguments_: string[]) => run(environment, ...arguments_);

  beforeAll(async () => {
    platform = await startPlatform({ environment: { MAX_HOLDS_PER_BUYER: '0' } });
    selling = await sale(platform, { capacity: 1000 });
    buyer = await person(platform);
    environment = auditEnvironmentOf(platform);
  });
  afterAll(() => platform?.remove());

  it('finds nothing broken in the midst of a sale', async () => {
    const over = new AbortController();
    const sold = (async () => {
      for (let turn = 0; !over.signal.aborted; turn += 1) {
        const { id, checkoutUrl } = await placeOrder(buyer, selling, 2);
        if (turn % 3 === 0) await expecting(200, buyer.client, 'POST', `/orders/${id}/cancel`);
        else await pay(checkoutUrl);
      }
    })();
    const told = await audit('--json');
    over.abort();
    await sold;
    const { invariants } = JSON.parse(told.said);
    expect(invariants.filter(({ state }: { state: string }) => state !== 'holds')).toEqual([]);
    expect(told.code).toBe(0);
  });

  it('waits for rest, then finds that everything holds, refunds and their money too', async () => {
    const { id, checkoutUrl } = await placeOrder(buyer, selling, 2);
    await pay(checkoutUrl);
    const told = await audit('--at-rest');
    expect(told.said).toContain('Everything that was asked holds.');
    const [ticket] = (await expecting(200, buyer.client, 'GET', `/orders/${id}`)).tickets;
    await expecting(202, buyer.client, 'DELETE', `/tickets/${ticket.id}`);
    const after = await audit('--at-rest');
    expect(after.said).toContain('Everything that was asked holds.');
    expect([told.code, after.code]).toEqual([0, 0]);
  });

  it('explains itself, with exit code 2, when it is not understood', async () => {
    for (const wrong of [['--only', 'I99'], ['--wait', 'long'], ['--unknown']])
      expect(await audit(...wrong)).toEqual({ code: 2, said: expect.stringContaining('--at-rest') });
  });

  it('says that nothing was checked when no platform runs', async () => {
    await platform.stop();
    const told = await audit('--patience', '0');
    expect(told.code).toBe(2);
    if (!process.env.TEST_SERVICES) expect(told.said).toContain('No platform with a database of its own runs on');
  });
});
