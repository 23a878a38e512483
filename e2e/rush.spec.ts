import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import type { Answer } from './support/client.js';
import { person, type Person } from './support/people.js';
import { available, expecting, sale } from './support/sale.js';

const TICKETS = 50;
const ATTEMPTS = 200;
const BUYERS = 20;

describe('a rush', () => {
  let platform: Platform;
  let buyers: Person[];

  beforeAll(async () => {
    platform = await startPlatform({
      environment: { MAX_HOLDS_PER_BUYER: '0', RATE_LIMIT_AUTH: '0', RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_CALLER: '0' },
    });
    buyers = [];
    for (let index = 0; index < BUYERS; index += 1) buyers.push(await person(platform));
  });
  afterAll(() => platform?.remove());

  it(`${ATTEMPTS} orders at once for the last ${TICKETS} tickets sell exactly ${TICKETS}; the rest are told sold-out`, async () => {
    const selling = await sale(platform, { capacity: TICKETS });
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] };
    const answers = await Promise.all(
      Array.from({ length: ATTEMPTS }, (_, index) => buyers[index % BUYERS]!.client.post('/orders', wish)),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(TICKETS);
    const refused = answers.filter((answer) => answer.status !== 201);
    expect(new Set(refused.map((answer) => `${answer.status} ${answer.body.code}`))).toEqual(new Set(['409 sold-out']));
    expect(refused[0]?.body.available).toEqual([{ ticketTypeId: selling.typeId, available: 0 }]);
    expect(await available(buyers[0]!.client, selling)).toBe(0);
  });

  // Only where a Redis is given: a skipped spec is a failure.
  if (process.env.TEST_REDIS_URL)
    it('hard case 20: Redis is flushed again and again meanwhile, and exactly what there is is sold', async () => {
      const selling = await sale(platform, { capacity: TICKETS });
      const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] };
      const over = new AbortController();
      const flushing = (async () => {
        let times = 0;
        for (; !over.signal.aborted; times += 1) await platform.flushRedis();
        return times;
      })();
      const answers: Answer[] = [];
      for (let round = 0; round < 4; round += 1) {
        const attempts = Array.from({ length: ATTEMPTS / 4 }, (_, index) => buyers[index % BUYERS]!);
        answers.push(...(await Promise.all(attempts.map(({ client }) => client.post('/orders', wish)))));
      }
      over.abort();
      expect(await flushing).toBeGreaterThan(2);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(TICKETS);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(['409 sold-out']));
      expect(await available(buyers[0]!.client, selling)).toBe(0);
    });

  it('hard case 39: the same Idempotency-Key, sent many times at once, makes one order', async () => {
    const selling = await sale(platform, { capacity: TICKETS });
    const buyer = buyers[0]!;
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 2 }] };
    const key = { 'idempotency-key': 'double-click' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => buyer.client.post('/orders', wish, key)));
    const made = answers.filter((answer) => answer.status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    const again = await buyer.client.post('/orders', wish, key);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body.id).toBe(made[0]?.body.id);
    expect(await available(buyer.client, selling)).toBe(TICKETS - 2);
    const other = await buyer.client.post(
      '/orders',
      { ...wish, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] },
      key,
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('a buyer whose 201 was lost gets the order again, though the event is sold out by now', async () => {
    const selling = await sale(platform, { capacity: 1 });
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] };
    const first = await expecting(201, buyers[0]!.client, 'POST', '/orders', wish, { 'idempotency-key': 'lost' });
    expect((await buyers[1]!.client.post('/orders', wish)).body.code).toBe('sold-out');
    const again = await buyers[0]!.client.post('/orders', wish, { 'idempotency-key': 'lost' });
    expect(again).toMatchObject({ status: 201, body: { id: first.id } });
  });

  it('hard case 34: parallel orders of one buyer cannot pass the limit per buyer', async () => {
    const selling = await sale(platform, { capacity: TICKETS, maxPerBuyer: 3 });
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => buyers[2]!.client.post('/orders', wish)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
    expect(new Set(answers.filter((answer) => answer.status !== 201).map((answer) => answer.body.code))).toEqual(
      new Set(['limit-exceeded']),
    );
  });
});
