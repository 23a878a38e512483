import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { OnPaymentEnded } from './on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from './on-payment-opened/on-payment-opened.js';
import { OnPaymentSucceeded } from './on-payment-succeeded/on-payment-succeeded.js';
import { BoxOffice, money, PRICE } from './testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

/** Pending orders of one ticket each, three at most a buyer. */
const placed = async (count: number): Promise<string[]> => {
  const { buyer, other } = office.people;
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => office.place(1, index % 2 === 0 ? buyer : other)),
  );
  return answers.map(({ body }) => body.id as string);
};
const payment = (orderId: string, paymentId = uuid()) => ({ orderId, paymentId, amount: money(PRICE) });
const pay = (...payments: ReturnType<typeof payment>[]) =>
  office.hear(() => office.get(OnPaymentSucceeded).handle(office.group(...payments)));
const statuses = async (orderIds: string[]) =>
  (
    await office.api.db.asOwner<{ status: string; reason: string | null }>(
      'select status, reason from orders where id = any($1) order by array_position($1, id)',
      [orderIds],
    )
  ).map(({ status, reason }) => reason ?? status);

describe('payments that are told in a group', () => {
  it('each buys its own order, of whatever event, and what follows bears the ids of its message', async () => {
    const first = await placed(2);
    await office.announce();
    const ids = [...first, ...(await placed(3))];
    const messages = office
      .group(...ids.map((id) => payment(id)))
      .map((message, index) => ({ ...message, traceparent: `trace-${index}` }));
    await office.hear(() => office.get(OnPaymentSucceeded).handle(messages));
    const rows = await office.api.db.asOwner<object>(
      `select o.id, o.status, o.payment_id, m.correlation_id, m.traceparent, t.tickets::int, t.of_event
       from orders o join outbox m on m.type = 'order.confirmed.v1' and m.data ->> 'orderId' = o.id::text,
            lateral (select count(*) as tickets, bool_and(event_id = o.event_id) as of_event from tickets where order_id = o.id) t
       where o.id = any($1) order by array_position($1, o.id)`,
      [ids],
    );
    expect(rows).toEqual(
      messages.map(({ correlationId, traceparent, data }) => ({
        id: data.orderId,
        ...{ status: 'confirmed', tickets: 1, of_event: true },
        payment_id: data.paymentId,
        correlation_id: correlationId,
        traceparent,
      })),
    );
    await office.invariants();
  });

  it('the same one twice has one effect; a second one of an order goes back, and the others are none the worse', async () => {
    const [twice, again, single] = (await placed(3)) as [string, string, string];
    const [first, second] = [payment(again), payment(again)];
    await pay(...[payment(twice, first.paymentId)].flatMap((same) => [same, same]), first, second, payment(single));
    expect(await statuses([twice, again, single])).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect(await office.told('order.unfulfillable.v1', twice)).toEqual([]);
    expect(await office.told('order.unfulfillable.v1', again)).toMatchObject([
      { paymentId: second.paymentId, reason: 'paid-twice' },
    ]);
    for (const id of [twice, again, single]) expect(await office.told('order.confirmed.v1', id)).toHaveLength(1);
    await office.invariants();
  });

  it('of late ones only so many are confirmed as tickets are left, and no hold loses its own', async () => {
    const late = await placed(2);
    await office.hear(() =>
      office.get(OnPaymentEnded).failed(office.group(...late.map((orderId) => ({ orderId, paymentId: uuid() })))),
    );
    const held = await placed(3);
    await office.place(6, office.people.organizer);
    await pay(...[late[0]!, ...held, late[1]!].map((id) => payment(id)));
    expect(await statuses([...held, ...late])).toEqual([
      ...['confirmed', 'confirmed', 'confirmed'],
      ...['confirmed', 'payment-failed'],
    ]);
    expect(await office.told('order.unfulfillable.v1', late[1]!)).toMatchObject([{ reason: 'sold-out' }]);
    expect(await office.taken()).toBe('10');
    await office.invariants();
  });

  it('one of an order that nobody knows takes the whole group back, to be tried in halves', async () => {
    const [order] = (await placed(1)) as [string];
    await expect(pay(payment(order), payment(uuid()))).rejects.toThrow(/not known here/);
    expect(await statuses([order])).toEqual(['pending']);
  });

  it('some succeed and expire at the same moment, in whatever order: one of both counts, without a deadlock', async () => {
    for (let round = 0; round < 5; round += 1) {
      await office.announce();
      const ids = await placed(6);
      const facts = ids.map((orderId) => ({ orderId, paymentId: uuid() }));
      const ended = office.get(OnPaymentEnded);
      await Promise.all([
        pay(...ids.map((id) => payment(id))),
        office.hear(() => ended.expired(office.group(...facts.toReversed()))),
        office.hear(() => office.get(OnPaymentOpened).handle(office.group(...facts.toReversed()))),
        office.hear(() => ended.failed(office.group(...facts))),
      ]);
      expect(new Set(await statuses(ids))).toEqual(new Set(['confirmed']));
      await office.invariants();
    }
  });

  it('late ones of several events come in two groups at once, crosswise: no deadlock', async () => {
    for (let round = 0; round < 5; round += 1) {
      await office.announce();
      const here = await placed(2);
      await office.announce();
      const there = await placed(2);
      const ids = [...here, ...there];
      await office.hear(() =>
        office.get(OnPaymentEnded).failed(office.group(...ids.map((orderId) => ({ orderId, paymentId: uuid() })))),
      );
      await Promise.all([pay(payment(here[0]!), payment(there[0]!)), pay(payment(there[1]!), payment(here[1]!))]);
      expect(await statuses(ids)).toEqual(ids.map(() => 'confirmed'));
    }
  });

  it('those that end give their stock back once, each with its own reason', async () => {
    const [over, early, confirmed] = (await placed(3)) as [string, string, string];
    await pay(payment(confirmed));
    await office.age(over, 1);
    const facts = [over, early, early, confirmed].map((orderId) => ({ orderId, paymentId: uuid() }));
    await office.hear(() => office.get(OnPaymentEnded).expired(office.group(...facts)));
    expect(await statuses([over, early, confirmed])).toEqual(['hold-expired', 'payment-expired', 'confirmed']);
    expect(await office.told('order.expired.v1', early)).toMatchObject([{ reason: 'payment-expired' }]);
    expect(await office.taken()).toBe('1');
    await office.invariants();
  });
});
