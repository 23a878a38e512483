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

describe('cancelling an event', () => {
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
});
