import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';
import { EndOrdersOfCancelledEvents } from './end-orders-of-cancelled-events.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const cancel = () => office.api.call('POST', `/events/${office.eventId}/cancel`, { as: office.people.organizer });

describe('cancelling an event', () => {
  it('that is over is refused: its orders are refunded one by one', async () => {
    await office.api.db.asOwner(
      `update events set starts_at = now() - interval '1 day', ends_at = now() - interval '1 second' where id = $1`,
      [office.eventId],
    );
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'event-ended' } });
  });

  it('a cancelled event: sales stop, holds end, what was paid goes back, also what comes later', async () => {
    const [held, bought, late] = [
      (await office.place(1)).body.id,
      (await office.place(2, office.people.other)).body.id,
      (await office.place(1)).body.id,
    ];
    await office.hear(() => office.paid(bought, uuid(), 2 * PRICE));
    const [ticket] = (await office.read(bought, office.people.other)).tickets;
    await office.api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [
      ticket.id,
    ]);
    await office.api.db.asOwner(`update events set status = 'cancelled' where id = $1`, [office.eventId]);
    await office.hear(() => office.paid(late));
    expect(await office.read(late)).toMatchObject({
      status: 'cancelled',
      reason: 'event-cancelled',
      refundPending: money(PRICE),
    });
    expect(await office.place()).toMatchObject({ status: 409, body: { code: 'sales-closed' } });
    for (let look = 0; look < 2; look += 1) await office.get(EndOrdersOfCancelledEvents).look();
    expect(await office.read(held)).toMatchObject({ status: 'cancelled', reason: 'event-cancelled' });
    expect(await office.read(bought, office.people.other)).toMatchObject({
      status: 'refunded',
      reason: 'event-cancelled',
      refundPending: money(2 * PRICE),
    });
    const [event] = await office.api.db.asOwner<{ done: boolean }>(
      'select orders_ended_at is not null as done from events where id = $1',
      [office.eventId],
    );
    expect(event?.done).toBe(true);
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });

  it('orders are refunded together, each with what is left of its own; one that cannot be ended harms no other', async () => {
    const { buyer, other } = office.people;
    const [whole, part, byHand, broken] = [
      (await office.place(2)).body.id,
      (await office.place(2)).body.id,
      (await office.place(1, other)).body.id,
      (await office.place(1, other)).body.id,
    ];
    const [paymentOfPart, paymentByHand] = [uuid(), uuid()];
    await office.hear(() => office.paid(whole, uuid(), 2 * PRICE));
    await office.hear(() => office.paid(part, paymentOfPart, 2 * PRICE));
    await office.hear(() => office.paid(byHand, paymentByHand));
    await office.hear(() => office.paid(broken));
    const [{ id: ticketId }] = (await office.read(part)).tickets;
    const sent = await office.api.call('POST', `/orders/${part}/refund`, {
      as: buyer,
      body: { ticketIds: [ticketId] },
    });
    expect(sent.status).toBe(202);
    const fact = { orderId: byHand, paymentId: paymentByHand, refundId: uuid(), amount: money(1000) };
    await office.hear(() => office.refunded(fact));
    await office.api.db.asOwner('update order_items set returned = quantity where order_id = $1', [broken]);
    await office.api.db.asOwner(`update events set status = 'cancelled' where id = $1`, [office.eventId]);

    await office.get(EndOrdersOfCancelledEvents).look();
    const amounts = async (id: string) =>
      (await office.told('order.refund-requested.v1', id)).map(({ amount }) => amount.amount);
    expect(await amounts(whole)).toEqual([2 * PRICE]);
    expect(await amounts(part)).toEqual([PRICE, PRICE]);
    expect(await amounts(byHand)).toEqual([PRICE - 1000]);
    expect(await office.read(byHand, other)).toMatchObject({
      status: 'refunded',
      refunded: money(1000),
      refundPending: money(PRICE - 1000),
    });
    expect((await office.read(broken, other)).status).toBe('confirmed');
    expect(await office.taken()).toBe('1');

    await office.api.db.asOwner('update order_items set returned = 0 where order_id = $1', [broken]);
    await office.get(EndOrdersOfCancelledEvents).look();
    expect(await amounts(broken)).toEqual([PRICE]);
    expect(await amounts(whole)).toEqual([2 * PRICE]);
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });
});
