import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@app/testing';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { CONFIG, type Config } from '../../config.js';
import { SoldOut } from '../../sold-out/sold-out.module.js';
import { addTicketType } from '../../testing/seed.js';
import { ExpireOrders } from '../expire-orders/expire-orders.js';
import { OnPaymentEnded } from '../on-payment-ended/on-payment-ended.js';
import { StockStore } from '../stock.store.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

// `npm run test:services` names one, and fails if it does not answer.
const server = process.env['TEST_REDIS_URL'];
const redis = server ? { url: server, prefix: `spec:${process.pid}:` } : undefined;

let office: BoxOffice;
/** Holds all ten tickets, with the one before. */
let last: string;
beforeAll(async () => {
  office = await BoxOffice.open({ redis });
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const { buyer, other } = { buyer: () => office.people.buyer, other: () => office.people.other };
const soldOut = () => office.get(SoldOut);
const isFlagged = () => soldOut().of(office.eventId).length > 0;

async function sellOut(): Promise<void> {
  await office.place(4, buyer());
  last = (await office.place(6, other())).body.id;
  expect(isFlagged()).toBe(true);
}

/** While nobody can lock or read the stock: who needs it waits for as long as the work takes. */
async function withoutStock<T>(work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: office.api.db.ownerUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table stock_counters, ticket_types, events in access exclusive mode');
  try {
    return await Promise.race([
      work(),
      sleep(700).then(() => {
        throw new Error('It needs the stock.');
      }),
    ]);
  } finally {
    await holder.end();
  }
}

const code = ({ status, body }: { status: number; body: { code?: string } }) => body.code ?? status;

describe('while nothing is left', () => {
  it('orders are refused without a look at the stock, in the words of the first refusal', async () => {
    await office.place(4, buyer());
    await office.place(6, other());
    soldOut()['flags'].drop(office.eventId);
    const first = await office.place(2);
    const later = await withoutStock(() => Promise.all([office.place(2), office.place(2)]));
    expect(first).toMatchObject({ status: 409, body: { code: 'sold-out' } });
    for (const { status, body } of later)
      expect([status, { ...body, requestId: '' }]).toEqual([409, { ...first.body, requestId: '' }]);
  });

  it('a retry gets its order, and a key that another request has is refused', async () => {
    const headers = { 'idempotency-key': uuid() };
    const placed = await office.place(4, buyer(), headers);
    await office.place(6, other());
    const again = await withoutStock(() => office.place(4, buyer(), headers));
    expect([again.status, again.body]).toEqual([201, placed.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(code(await withoutStock(() => office.place(3, buyer(), headers)))).toBe('idempotency-key-reused');
    expect(code(await withoutStock(() => office.place(4, other(), headers)))).toBe('sold-out');
  });

  it('an order that may not be at all is told so', async () => {
    await sellOut();
    expect(code(await withoutStock(() => office.place(7)))).toBe('limit-exceeded');
  });

  it('other ticket types of the event are sold, and what wants both is told of both', async () => {
    const { typeId } = await addTicketType(office.api.db, office, { capacity: 5 });
    await sellOut();
    const order = (...items: [string, number][]) =>
      office.api.call('POST', '/orders', {
        as: buyer(),
        body: { eventId: office.eventId, items: items.map(([ticketTypeId, quantity]) => ({ ticketTypeId, quantity })) },
      });
    const [gone, both, there] = await Promise.all([
      order([office.typeId, 1]),
      order([typeId, 2], [office.typeId, 1]),
      order([typeId, 1]),
    ]);
    expect([code(gone), code(both), code(there)]).toEqual(['sold-out', 'sold-out', 201]);
    const left = both.body.available.find(({ ticketTypeId }: { ticketTypeId: string }) => ticketTypeId === typeId);
    expect(left.available).toBeGreaterThanOrEqual(4);
    expect(both.body.available).toContainEqual({ ticketTypeId: office.typeId, available: 0 });
    await office.invariants();
  });

  it('is asked again after a second, whatever was missed', async () => {
    await sellOut();
    await office.api.db.asOwner('update stock_counters set capacity = 11 where event_id = $1', [office.eventId]);
    expect(code(await office.place())).toBe('sold-out');
    await sleep(1_000);
    expect(code(await office.place())).toBe(201);
  });
});

describe('something is left, and there is no flag,', () => {
  it('when less was left than was asked for', async () => {
    await office.place(6, buyer());
    expect(code(await office.place(5, other()))).toBe('sold-out');
    expect(isFlagged()).toBe(false);
    expect(code(await office.place(4, other()))).toBe(201);
  });

  it('when the order that took the last was not written', async () => {
    const lease = soldOut().lease(office.eventId);
    await office.place(6, buyer());
    const type = { ticketTypeId: office.typeId, counterId: uuid(), name: 'x', price: 1, maxPerOrder: 1 };
    const failing = office.hear(() => {
      soldOut().found(lease, [{ ...type, maxPerBuyer: null, onSale: true }]);
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    expect(isFlagged()).toBe(false);
  });

  const organizer = (method: string, path: string, body?: unknown) =>
    office.api.call(method, path, { as: office.people.organizer, body });
  const paid = async () => {
    await office.hear(() => office.paid(last, uuid(), 6 * PRICE));
    expect(isFlagged()).toBe(true);
  };

  it.each<[string, () => Promise<unknown>]>([
    ['when a hold was cancelled', () => office.api.call('POST', `/orders/${last}/cancel`, { as: other() })],
    [
      'when a hold has ended',
      async () => {
        await office.age(last, 1);
        await office.get(ExpireOrders).look();
      },
    ],
    [
      'when a payment failed',
      () => office.hear(() => office.get(OnPaymentEnded).failed(office.group({ orderId: last, paymentId: uuid() }))),
    ],
    [
      'when tickets were given back',
      async () => {
        await paid();
        await office.api.call('POST', `/orders/${last}/refund`, { as: other() });
      },
    ],
    [
      'when the provider gave the money back',
      async () => {
        const paymentId = uuid();
        await office.hear(() => office.paid(last, paymentId, 6 * PRICE));
        const refund = { orderId: last, paymentId, refundId: uuid(), amount: money(6 * PRICE) };
        await office.hear(() => office.refunded(refund));
      },
    ],
    [
      'when an order of the desk was undone',
      async () => {
        await organizer('PUT', `/mgmt/bookings/${last}/confirm`);
        await organizer('PUT', `/mgmt/bookings/${last}/cancel`);
      },
    ],
    [
      'when there are more',
      () => organizer('PATCH', `/events/${office.eventId}/ticket-types/${office.typeId}`, { capacity: 12 }),
    ],
  ])('%s', async (_, release) => {
    await sellOut();
    await release();
    expect(code(await office.place(1, buyer()))).toBe(201);
    await office.invariants();
  });

  it('when stock came back after it was read and before that was remembered', async () => {
    const stock = office.get(StockStore);
    const take = stock.take.bind(stock);
    stock.take = (units) => {
      soldOut()['flags'].drop(office.eventId);
      return take(units);
    };
    await office.place(4, buyer());
    await office.place(6, other());
    stock.take = take;
    expect(isFlagged()).toBe(false);
  });

  it('once a release is committed, and not before: until then others read what was', async () => {
    await sellOut();
    await office.hear(async () => {
      soldOut().changed(office.eventId);
      expect(isFlagged()).toBe(true);
    });
    expect(isFlagged()).toBe(false);
  });
});

describe('what is sold changes', () => {
  const refusedAs = async (method: string, path: string, body?: unknown) => {
    await sellOut();
    const as = office.people.organizer;
    expect((await office.api.call(method, path, { as, body })).status).toBeLessThan(300);
    return code(await office.place(2));
  };

  it.each<[string, () => Promise<unknown>, string]>([
    ['the event is cancelled', () => refusedAs('POST', `/events/${office.eventId}/cancel`), 'sales-closed'],
    [
      'the event is over',
      () =>
        refusedAs('PATCH', `/events/${office.eventId}`, {
          startsAt: '2020-01-01T00:00:00Z',
          endsAt: '2020-01-02T00:00:00Z',
        }),
      'sales-closed',
    ],
    [
      'sales end',
      () =>
        refusedAs('PATCH', `/events/${office.eventId}/ticket-types/${office.typeId}`, {
          salesEndAt: '2020-01-01T00:00:00Z',
        }),
      'sales-closed',
    ],
  ])('%s: orders hear of it at once', async (_, refused, expected) => {
    expect(await refused()).toBe(expected);
  });

  it('what is not on sale is never called sold out', async () => {
    await sellOut();
    soldOut()['flags'].drop(office.eventId);
    await office.api.db.asOwner(`update ticket_types set sales_end_at = now() where id = $1`, [office.typeId]);
    expect([code(await office.place()), code(await office.place())]).toEqual(['sales-closed', 'sales-closed']);
  });
});

// Only where a Redis is given: a skipped spec is a failure.
if (redis)
  describe('another ticket-api, by Redis,', () => {
    let there: SoldOut;
    beforeEach(async () => {
      there = new SoldOut(office.api.db.database, office.api.app.get<Config>(CONFIG, { strict: false }));
      const hello = async (from: SoldOut, to: SoldOut) => {
        from['flags'].drop('hello');
        await sleep(20);
        expect(to.lease('hello').after).toBe(from.lease('hello').after);
      };
      await eventually(() => hello(there, soldOut()));
      await eventually(() => hello(soldOut(), there));
    });
    const close = () => there.onApplicationShutdown();

    it('knows in a moment what is sold out, and when it is not any more', async () => {
      await sellOut();
      await eventually(() => expect(there.of(office.eventId)).toEqual(soldOut().of(office.eventId)), 500);
      await office.api.call('POST', `/orders/${last}/cancel`, { as: other() });
      await eventually(() => expect(there.of(office.eventId)).toEqual([]), 500);
      close();
    });

    it('sells here what it gives back there', async () => {
      await sellOut();
      await office.hear(async () => there.changed(office.eventId));
      await eventually(() => expect(isFlagged()).toBe(false), 500);
      close();
    });
  });
