import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../cancel-event/end-orders-of-cancelled-events.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const follow = (as = office.people.organizer) =>
  office.api.call('GET', `/events/${office.eventId}/cancellation`, { as });
const cancel = () => office.api.call('POST', `/events/${office.eventId}/cancel`, { as: office.people.organizer });
const look = () => office.get(EndOrdersOfCancelledEvents).look();
const sum = (count: number, amount = 0) => ({ count, amounts: count === 0 ? [] : [money(amount)] });

describe("how far an event's cancellation is", () => {
  it('is shown to its organizers at every step, until the last of the money has moved', async () => {
    const { other } = office.people;
    const [held, bought, late, desk] = [
      (await office.place(1)).body.id,
      (await office.place(2, other)).body.id,
      (await office.place(1)).body.id,
      (await office.place(1, other)).body.id,
    ];
    const payments = new Map([
      [bought, uuid()],
      [late, uuid()],
    ]);
    await office.hear(() => office.paid(bought, payments.get(bought), 2 * PRICE));
    await office.api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: office.people.organizer });
    expect(await follow()).toMatchObject({ status: 404, body: { code: 'not-found' } });

    await cancel();
    const none = { requested: sum(0), waiting: sum(0), moved: sum(0), failed: sum(0) };
    const begun = await follow();
    expect(begun).toMatchObject({
      status: 200,
      body: { ordersEndedAt: null, doneAt: null, orders: { toEnd: 4, ended: 0 }, refunds: none },
    });
    await office.hear(() => office.paid(late, payments.get(late)));
    expect((await follow()).body).toMatchObject({
      orders: { toEnd: 3, ended: 1 },
      refunds: { ...none, requested: sum(1, PRICE), waiting: sum(1, PRICE) },
    });
    expect(await cancel()).toMatchObject({ status: 202 });
    await look();
    await look();
    const ended = (await follow()).body;
    expect(ended).toMatchObject({
      begunAt: begun.body.begunAt,
      doneAt: null,
      orders: { toEnd: 0, ended: 4 },
      // At the desk the money was taken, and is given back, by hand.
      refunds: {
        requested: sum(3, 4 * PRICE),
        waiting: sum(2, 3 * PRICE),
        moved: sum(1, PRICE),
        failed: sum(0),
      },
    });
    expect(ended.ordersEndedAt > ended.begunAt).toBe(true);
    expect(await office.read(held)).toMatchObject({ status: 'cancelled' });

    const [first] = await office.told('order.refund-requested.v1', bought);
    const [second] = await office.told('order.unfulfillable.v1', late);
    const facts = ({ orderId, refundId, amount }: { orderId: string; refundId: string; amount: object }) => ({
      ...{ orderId, refundId, paymentId: payments.get(orderId)! },
      amount: amount as ReturnType<typeof money>,
    });
    await office.hear(() => office.refunded(facts(first)));
    await office.hear(() => office.refundFailed({ ...facts(second), reason: 'account closed' }));
    expect((await follow()).body).toMatchObject({
      doneAt: null,
      refunds: { waiting: sum(0), moved: sum(2, 3 * PRICE), failed: sum(1, PRICE) },
    });
    await office.hear(() => office.refunded(facts(second)));
    const done = (await follow()).body;
    expect(done.refunds).toEqual({ ...none, requested: sum(3, 4 * PRICE), moved: sum(3, 4 * PRICE) });
    expect(done.doneAt > done.ordersEndedAt).toBe(true);
  });

  it('counts nothing of what was given back before, or of other events', async () => {
    const { buyer } = office.people;
    const before = (await office.place(1)).body.id;
    await office.hear(() => office.paid(before));
    await office.api.call('POST', `/orders/${before}/refund`, { as: buyer });
    await cancel();
    await look();
    const { orders, refunds, doneAt, ordersEndedAt } = (await follow()).body;
    expect({ orders, requested: refunds.requested }).toEqual({ orders: { toEnd: 0, ended: 0 }, requested: sum(0) });
    expect(doneAt).toBe(ordersEndedAt);
    expect(doneAt).not.toBeNull();
  });

  it("is nobody else's business", async () => {
    await cancel();
    expect(await follow(office.people.buyer)).toMatchObject({ status: 403 });
    expect(await follow(office.people.scanner)).toMatchObject({ status: 403 });
  });
});
