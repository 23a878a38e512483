import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../orders/cancel-event/end-orders-of-cancelled-events.js';
import { ExpireOrders } from '../orders/expire-orders/expire-orders.js';
import { PRICE } from '../orders/testing/box-office.js';
import { addPerson } from '../testing/seed.js';
import { SoldOutEvent } from './testing/sold-out-event.js';
import { SAVING_HOURS } from './waiting-line.js';

let event: SoldOutEvent;
beforeAll(async () => (event = await SoldOutEvent.open()));
afterAll(() => event.office.close());
beforeEach(() => event.announce(2, 1, 1));
afterEach(async () => {
  await event.office.invariants();
  expect(await event.wrongCounts()).toEqual([]);
});
const set = (sql: string, ...more: unknown[]) => event.db.asOwner(sql, [event.office.eventId, ...more]);

describe('who waits for what is sold out', () => {
  it('has a place in line, and is shown it', async () => {
    const first = await event.waiting(2);
    const second = await event.waiting(1);
    expect(await event.entryOf(first)).toMatchObject({
      id: first.entryId,
      position: 1,
      quantity: 2,
      status: 'waiting',
    });
    expect(await event.entryOf(second)).toMatchObject({ position: 2, offer: null, eventId: event.office.eventId });
    const { body } = await event.call(
      'GET',
      `/events/${event.office.eventId}/waiting-list?limit=1`,
      event.office.people.organizer,
    );
    expect(body.types).toMatchObject([{ ticketTypeId: event.office.typeId, waiting: 2, tickets: 3, offered: 0 }]);
    expect(body.data).toMatchObject([{ id: first.entryId, person: { id: first.userId, name: 'Wanda' }, position: 1 }]);
    expect(body.nextCursor).not.toBeNull();
  });

  it('waits for one, where nothing else is said', async () => {
    const { eventId, typeId } = event.office;
    const path = `/events/${eventId}/ticket-types/${typeId}/waiting-list`;
    for (const body of [undefined, {}])
      expect(await event.call('POST', path, await event.person(), body)).toMatchObject({
        ...{ status: 201, body: { quantity: 1 } },
      });
  });

  it('waits once for each type, and not while an offer is open', async () => {
    const person = await event.waiting();
    expect(await event.join(person)).toMatchObject({ status: 409, body: { code: 'already-waiting' } });
    await event.refund(event.bought[1]!);
    await event.serve();
    expect((await event.entryOf(person)).status).toBe('offered');
    expect(await event.join(person)).toMatchObject({ status: 409, body: { code: 'already-waiting' } });
  });

  it('is one of those who came at once, each of whom has a place of his own', async () => {
    const person = await event.person();
    const answers = await Promise.all(Array.from({ length: 8 }, () => event.join(person)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    const others = await Promise.all(Array.from({ length: 6 }, () => event.waiting()));
    const positions = await Promise.all(others.map(async (other) => (await event.entryOf(other)).position));
    expect(positions.sort()).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('gets the first answer again for a repeated request', async () => {
    const person = await event.person();
    const headers = { 'idempotency-key': uuid() };
    const [first, again] = [await event.join(person, 1, headers), await event.join(person, 1, headers)];
    expect([first.status, again.body]).toEqual([201, first.body]);
  });

  it.each([
    ['the organizer keeps no list', 'update events set waiting_list = false where id = $1', 'waiting-list-closed'],
    ['the sale is over', 'update ticket_types set sales_end_at = now() where event_id = $1', 'sales-closed'],
    ['a ticket is left', 'update stock_counters set capacity = 5 where event_id = $1', 'not-sold-out'],
  ])('is refused when %s', async (_, sql, code) => {
    await set(sql);
    expect(await event.join(await event.person())).toMatchObject({ status: 409, body: { code } });
  });

  it('wants no more than there is, than an order and than a buyer may have', async () => {
    const person = await event.person();
    expect((await event.join(person, 7)).body).toMatchObject({ code: 'limit-exceeded', limit: 'maxPerOrder' });
    expect((await event.join(person, 5)).body).toMatchObject({ code: 'limit-exceeded', limit: 'capacity', allowed: 4 });
    await set('update ticket_types set max_per_buyer = 4 where event_id = $1');
    const { buyer } = event.office.people;
    await event.db.asOwner('update users set email_verified_at = now() where id = $1', [buyer.userId]);
    expect((await event.join(buyer, 1)).body).toMatchObject({ code: 'limit-exceeded', limit: 'maxPerBuyer' });
  });

  it('has proven the e-mail that an offer goes to, and sees the event', async () => {
    expect(await event.join(await addPerson(event.db))).toMatchObject({
      status: 403,
      body: { code: 'email-not-verified' },
    });
    await set(`update events set status = 'draft' where id = $1`);
    expect((await event.join(await event.person())).status).toBe(404);
  });
});

describe('stock that comes back', () => {
  it('is offered to the first in line: an order of its own, to be paid in its own time, with a mail', async () => {
    const [first, second] = [await event.waiting(), await event.waiting()];
    await event.refund(event.bought[1]!);
    await event.serve();
    const { status, offer } = await event.entryOf(first);
    expect(status).toBe('offered');
    expect(offer.checkoutUrl).toContain(`/payments/checkout/${offer.orderId}`);
    expect(Date.parse(offer.expiresAt) - Date.now()).toBeGreaterThan(1_790_000);
    expect(await event.office.told('order.reserved.v1', offer.orderId)).toHaveLength(1);
    expect(await event.office.told('waiting-list.offered.v1', offer.orderId)).toMatchObject([
      {
        entryId: first.entryId,
        buyer: { email: first.email },
        checkoutUrl: offer.checkoutUrl,
        total: { amount: PRICE },
      },
    ]);
    expect(await event.entryOf(second)).toMatchObject({ status: 'waiting', position: 1 });
    await event.paid(offer.orderId);
    expect((await event.entryOf(first)).status).toBe('bought');
    expect((await event.office.read(offer.orderId, first)).tickets).toHaveLength(1);
  });

  it('hard case 43: is never for the public before those who wait, not even in the moment before it is offered', async () => {
    const waiting = await event.waiting();
    await event.refund(event.bought[0]!);
    expect(await event.available()).toBe(1);
    const { people } = event.office;
    const grabs = await Promise.all([
      ...Array.from({ length: 20 }, () => event.office.place(1, people.other)),
      ...[event.serve(), event.serve()],
    ]);
    const taken = grabs.filter((answer) => typeof answer === 'object' && answer.status === 201);
    expect(taken).toHaveLength(1);
    expect((await event.entryOf(waiting)).status).toBe('offered');
  });

  it('hard case 43: is offered once, however many replicas look at once', async () => {
    const line = [await event.waiting(), await event.waiting(), await event.waiting()];
    await event.refund(event.bought[0]!);
    await Promise.all([event.serve(), event.serve(), event.serve()]);
    await event.serve();
    const states = await Promise.all(line.map(async (each) => (await event.entryOf(each)).status));
    expect(states).toEqual(['offered', 'offered', 'waiting']);
    expect(await event.office.taken()).toBe('4');
  });

  it('hard case 43: goes to the next when it is not paid in time', async () => {
    const [first, second] = [await event.waiting(), await event.waiting()];
    await event.refund(event.bought[1]!);
    await event.serve();
    const { offer } = await event.entryOf(first);
    await event.office.age(offer.orderId, 1);
    await event.office.get(ExpireOrders).look();
    expect(await event.available()).toBe(0);
    await event.serve();
    expect((await event.entryOf(first)).status).toBe('expired');
    expect((await event.entryOf(second)).status).toBe('offered');
    expect((await event.join(first)).status).toBe(201);
  });

  it('is saved up for who wants more than there is, and for whom it was saved up long enough steps aside', async () => {
    const [family, single] = [await event.waiting(2), await event.waiting(1)];
    await event.refund(event.bought[1]!);
    await event.serve();
    expect((await event.entryOf(single)).status).toBe('waiting');
    expect(await event.available()).toBe(0);
    await set(
      `update waiting_list_entries set saving_since = now() - make_interval(hours => $2) where event_id = $1 and saving_since is not null`,
      SAVING_HOURS,
    );
    await event.serve();
    expect((await event.entryOf(single)).status).toBe('offered');
    expect(await event.entryOf(family)).toMatchObject({ status: 'waiting', position: 1 });
    await event.refund(event.bought[0]!);
    await event.serve();
    expect((await event.entryOf(family)).status).toBe('offered');
  });

  it('of which nobody who waits wants so few any more is for the public', async () => {
    await event.waiting(2);
    await event.refund(event.bought[1]!);
    await set(`update waiting_list_entries set saving_since = now() - interval '7 hours' where event_id = $1`);
    await event.serve();
    expect(await event.available()).toBe(1);
    expect((await event.office.place(1, event.office.people.other)).status).toBe(201);
  });

  it('serves the list, too, when the capacity is raised', async () => {
    const waiting = await event.waiting(2);
    const { eventId, typeId, people } = event.office;
    await event.call('PATCH', `/events/${eventId}/ticket-types/${typeId}`, people.organizer, { capacity: 7 });
    expect(await event.available()).toBe(1);
    await event.serve();
    expect((await event.entryOf(waiting)).status).toBe('offered');
    expect(await event.available()).toBe(1);
  });

  it('hard case 46: is not taken by money that comes late from those who wait', async () => {
    await event.refund(event.bought[1]!);
    const late = (await event.office.place(1, event.office.people.other)).body.id;
    const waiting = await event.waiting();
    await event.office.age(late, 1);
    await event.office.get(ExpireOrders).look();
    await event.paid(late);
    expect((await event.office.read(late, event.office.people.other)).status).toBe('expired');
    expect(await event.office.told('order.unfulfillable.v1', late)).toMatchObject([{ reason: 'sold-out' }]);
    await event.serve();
    expect((await event.entryOf(waiting)).status).toBe('offered');
  });

  it('that costs nothing needs no answer: it is theirs at once', async () => {
    const waiting = await event.waiting();
    await set('update ticket_types set price = 0 where event_id = $1');
    await event.refund(event.bought[1]!);
    await event.serve();
    const { status, offer } = await event.entryOf(waiting);
    expect(status).toBe('bought');
    expect(await event.office.told('waiting-list.offered.v1', offer.orderId)).toEqual([]);
  });

  it('is not for who may not have it any more', async () => {
    const [over, next] = [await event.waiting(2), await event.waiting()];
    await set('update ticket_types set max_per_order = 1 where event_id = $1');
    await event.refund(event.bought[0]!);
    while (await event.serve());
    expect(await event.entryOf(over)).toMatchObject({ status: 'ended', reason: 'limit-exceeded' });
    expect((await event.entryOf(next)).status).toBe('offered');
    expect(await event.available()).toBe(1);
  });
});

describe('nobody waits any more', () => {
  it('who has left, also in the moment of the offer, which goes to the next', async () => {
    const [first, second, third] = [await event.waiting(), await event.waiting(), await event.waiting()];
    const leave = (who: typeof first) => event.call('DELETE', `/waiting-list/${who.entryId}`, who);
    expect((await leave(second)).status).toBe(204);
    expect((await leave(second)).status).toBe(204);
    await event.refund(event.bought[1]!);
    await event.serve();
    expect((await leave(first)).status).toBe(204);
    expect((await event.entryOf(first)).status).toBe('expired');
    await event.serve();
    expect((await event.entryOf(second)).status).toBe('left');
    const { offer } = await event.entryOf(third);
    await event.paid(offer.orderId);
    expect((await leave(third)).body).toMatchObject({ code: 'order-ended' });
    expect((await event.call('DELETE', `/waiting-list/${first.entryId}`, third)).status).toBe(404);
  });

  it('who leaves and is offered something at once has left, or has let it go', async () => {
    const waiting = await event.waiting();
    await event.refund(event.bought[1]!);
    await Promise.all([event.serve(), event.call('DELETE', `/waiting-list/${waiting.entryId}`, waiting)]);
    expect(['left', 'expired']).toContain((await event.entryOf(waiting)).status);
    expect(await event.office.taken()).toBe('3');
    expect(await event.available()).toBe(1);
  });

  it.each([
    ['when the event is cancelled', `update events set status = 'cancelled' where id = $1`, 'event-cancelled'],
    ['when the sale is over', 'update ticket_types set sales_end_at = now() where event_id = $1', 'sales-closed'],
    [
      'when the event is over',
      `update events set starts_at = now() - interval '2 h', ends_at = now() - interval '1 s' where id = $1`,
      'sales-closed',
    ],
    [
      'when the organizer keeps no list any more',
      'update events set waiting_list = false where id = $1',
      'waiting-list-closed',
    ],
  ])('%s', async (_, sql, reason) => {
    const waiting = await event.waiting();
    await set(sql);
    await event.serve();
    expect(await event.entryOf(waiting)).toMatchObject({ status: 'ended', reason });
    await event.office.get(EndOrdersOfCancelledEvents).look();
  });

  it('whose account was erased', async () => {
    const waiting = await event.waiting();
    await event.db.asOwner(`update users set erased_at = now() where id = $1`, [waiting.userId]);
    await event.serve();
    expect(await event.entryOf(waiting)).toMatchObject({ status: 'ended', reason: 'erased' });
  });

  it('is offered nothing that is not on sale now, and keeps the place', async () => {
    const waiting = await event.waiting();
    await event.refund(event.bought[1]!);
    await set(`update ticket_types set sales_start_at = now() + interval '1 hour' where event_id = $1`);
    await event.serve();
    expect(await event.entryOf(waiting)).toMatchObject({ status: 'waiting', position: 1 });
  });

  it('is offered nothing while the organization is suspended, and keeps the place', async () => {
    const waiting = await event.waiting();
    await set('update events set suspended = true where id = $1');
    await event.refund(event.bought[1]!);
    await event.serve();
    await set('update events set suspended = false where id = $1');
    expect(await event.entryOf(waiting)).toMatchObject({ status: 'waiting', position: 1 });
    await event.serve();
    expect((await event.entryOf(waiting)).status).toBe('offered');
  });
});
