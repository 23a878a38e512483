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

  it('asks and names nothing but what it is told to ask', async () => {
    const { code, said } = await audit('--only', 'I1,I5');
    expect(code).toBe(0);
    expect(new Set(said.match(/\bI\d+\b/g))).toEqual(new Set(['I1', 'I5']));
  });

  it('tells in a sentence, with EX_USAGE, what it does not understand', async () => {
    for (const [wrong, sentence] of [
      [['--only', 'I99'], 'There is no invariant “I99”; there are I1, '],
      [['--only', 'I6'], 'I6 is asked at rest only: add --at-rest.'],
      [['--wait', 'long'], '--wait is a whole number from 0 to 999999.'],
      [['--unknown'], "Unknown option '--unknown'."],
      [['now'], "Unexpected argument 'now'."],
    ] as const) {
      const { code, said } = await audit(...wrong);
      expect([code, said.slice(0, sentence.length)]).toEqual([64, sentence]);
    }
    expect(await audit('--help')).toEqual({ code: 0, said: expect.stringMatching(/^Usage: npm run audit/) });
  });

  it('says that nothing was checked when no platform runs', async () => {
    await platform.stop();
    const told = await audit('--patience', '0');
    expect(told.code).toBe(2);
    if (!process.env.TEST_SERVICES) expect(told.said).toContain('No platform with a database of its own runs on');
  });
});
