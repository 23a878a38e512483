import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import type { Order } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { addEvent, addOrganization, addPerson } from '../../testing/seed.js';
import type { Outcome } from '@app/grouping';
import { type Answer, fingerprintOf } from '@app/idempotency';
import { BoxOffice } from '../testing/box-office.js';
import { PlaceOrders } from './place-orders.js';
import type { Placing } from './placing.js';

let office: BoxOffice;
let buyers: Identity[];
beforeAll(async () => {
  office = await BoxOffice.open();
  buyers = await Promise.all(Array.from({ length: 8 }, () => addPerson(office.api.db)));
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

interface Wanted {
  by?: number;
  quantity?: number;
  key?: string;
  as?: Pick<Identity, 'userId' | 'name' | 'email'>;
}

function placing({ by = 0, quantity = 1, key, as = buyers[by] as Identity }: Wanted): Placing {
  const wish = office.wish(quantity);
  return {
    tenantId: office.tenantId,
    buyer: { id: as.userId, name: as.name, email: as.email },
    wish,
    key: key === undefined ? undefined : { key, fingerprint: fingerprintOf('POST', '/orders', wish) },
    context: undefined,
  };
}

const place = (...wanted: Wanted[]) => office.get(PlaceOrders).place(office.eventId, wanted.map(placing));

/** Order ids of the accepted, codes of the refused. */
const brief = (outcomes: readonly Outcome<Answer<Order>>[]) =>
  outcomes.map((outcome) => ('value' in outcome ? 'placed' : (outcome.error as { code: string }).code));

const bodyOf = (outcome: Outcome<Answer<Order>> | undefined) =>
  outcome && 'value' in outcome ? outcome.value.body : undefined;

const count = async (sql: string, ...parameters: unknown[]) =>
  Number((await office.api.db.asOwner<{ count: string }>(sql, parameters))[0]?.count);

describe('a group of orders', () => {
  it('is one transaction, in which each gets what is left in the order of arrival', async () => {
    const quantities = [4, 4, 4, 2, 1];
    const outcomes = await place(...quantities.map((quantity, by) => ({ by, quantity })));
    expect(brief(outcomes)).toEqual(['placed', 'placed', 'sold-out', 'placed', 'sold-out']);
    expect(await office.taken()).toBe('10');
    expect(await count('select count(distinct xmin::text) from orders where event_id = $1', office.eventId)).toBe(1);
    expect(await count('select count(*) from orders where event_id = $1', office.eventId)).toBe(3);
    await office.invariants();
  });

  it('tells of each order in a message of its own, with the ids of its own request', async () => {
    const contexts = [1, 2].map((n) => ({
      requestId: `request-${n}`,
      correlationId: `correlation-${n}`,
      traceparent: `00-${String(n).repeat(32)}-${String(n).repeat(16)}-01`,
    }));
    const outcomes = await office.get(PlaceOrders).place(
      office.eventId,
      contexts.map((context, by) => ({ ...placing({ by, quantity: by + 1 }), context })),
    );
    for (const [index, outcome] of outcomes.entries()) {
      const rows = await office.api.db.asOwner(
        `select correlation_id, traceparent, data -> 'items' -> 0 -> 'quantity' as quantity, data -> 'buyer' ->> 'id' as buyer
         from outbox where data ->> 'orderId' = $1`,
        [bodyOf(outcome)?.id],
      );
      expect(rows).toEqual([
        {
          correlation_id: contexts[index]?.correlationId,
          traceparent: contexts[index]?.traceparent,
          quantity: index + 1,
          buyer: buyers[index]?.userId,
        },
      ]);
    }
  });

  it('hard case 34: a buyer in it has the limits of one buyer', async () => {
    expect(brief(await place({}, {}, {}, {}, { by: 1 }))).toEqual([
      'placed',
      'placed',
      'placed',
      'limit-exceeded',
      'placed',
    ]);
    expect(brief(await place({}, { by: 1 }))).toEqual(['limit-exceeded', 'placed']);
  });

  it('hard case 30: what costs nothing has its tickets at once, beside what is owed', async () => {
    await office.api.db.asOwner('update ticket_types set price = 0 where id = $1', [office.typeId]);
    const outcomes = await place({ quantity: 2 }, { by: 1 });
    expect(outcomes.map(bodyOf).map((order) => [order?.status, order?.tickets.length, order?.userId])).toEqual([
      ['confirmed', 2, buyers[0]?.userId],
      ['confirmed', 1, buyers[1]?.userId],
    ]);
    await office.invariants();
  });

  it('of a draft its members hear that it is not on sale, and strangers nothing', async () => {
    await office.api.db.asOwner(`update events set status = 'draft' where id = $1`, [office.eventId]);
    expect(brief(await place({}, { as: office.people.organizer }, { by: 1 }))).toEqual([
      'not-found',
      'sales-closed',
      'not-found',
    ]);
  });

  it('hard case 40: no order fails for its neighbour: what breaks the transaction is found, and the rest is placed', async () => {
    const ghost = { userId: uuid(), name: 'Nobody', email: 'nobody@example.org' };
    const as = (index: number) => (index === 5 ? ghost : (buyers[index] as Identity));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => office.place(1, as(index) as Identity)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 401, 201, 201]);
    expect(await office.taken()).toBe('7');
    await office.invariants();
  });

  it('orders that wait at the same moment share transactions', async () => {
    const answers = await Promise.all(buyers.map((buyer) => office.place(1, buyer)));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(
      await count('select count(distinct xmin::text) from orders where event_id = $1', office.eventId),
    ).toBeLessThan(8);
  });
});

describe('keys in a group', () => {
  it('hard case 40: equal ones are one order, and the same answer', async () => {
    const key = uuid();
    const outcomes = await place({ key }, { by: 1 }, { key });
    expect(brief(outcomes)).toEqual(['placed', 'placed', 'placed']);
    expect(bodyOf(outcomes[2])).toEqual(bodyOf(outcomes[0]));
    expect(outcomes[2]).toMatchObject({ value: { replayed: true, status: 201 } });
    expect(await office.taken()).toBe('2');
  });

  it('hard case 33: equal ones with different requests are not one order', async () => {
    const key = uuid();
    expect(brief(await place({ key }, { key, quantity: 2 }))).toEqual(['placed', 'idempotency-key-reused']);
    const other = uuid();
    expect(brief(await place({ key: other, quantity: 7 }, { key: other }))).toEqual([
      'limit-exceeded',
      'idempotency-in-flight',
    ]);
  });

  it('of two buyers are two keys', async () => {
    const key = uuid();
    const [mine, yours] = await place({ key }, { by: 1, key });
    expect(bodyOf(mine)?.id).not.toBe(bodyOf(yours)?.id);
  });

  it('a retry gets its order when nothing is left, and from a group that holds no stock', async () => {
    const key = uuid();
    const [first] = await place({ key, quantity: 6 });
    await place({ by: 1, quantity: 4 });
    const [again, late] = await place({ key, quantity: 6 }, { by: 2 });
    expect(bodyOf(again)).toEqual(bodyOf(first));
    expect(brief([late!])).toEqual(['sold-out']);
    expect(brief(await place({ key, quantity: 5 }))).toEqual(['idempotency-key-reused']);
  });

  it('that a buyer used at another organization are known here', async () => {
    const key = uuid();
    await place({ key });
    const elsewhere = await addOrganization(office.api.db, {});
    const { eventId, typeId } = await addEvent(office.api.db, elsewhere);
    const wish = { eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] };
    const there = (by: number, given: string): Placing => ({
      ...placing({ by }),
      tenantId: elsewhere,
      wish,
      key: { key: given, fingerprint: fingerprintOf('POST', '/orders', wish) },
    });
    const outcomes = await office.get(PlaceOrders).place(eventId, [there(0, key), there(1, uuid())]);
    expect(brief(outcomes)).toEqual(['idempotency-key-reused', 'placed']);
  });
});
