import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../orders/cancel-event/end-orders-of-cancelled-events.js';
import { ExpireOrders } from '../orders/expire-orders/expire-orders.js';
import { money, PRICE } from '../orders/testing/box-office.js';
import { SoldOutEvent } from '../waiting-list/testing/sold-out-event.js';
import { SettleListings } from './settle-listings/settle-listings.js';

let event: SoldOutEvent;
let seller: SoldOutEvent['office']['people']['buyer'];
/** Of one ticket. */
let orderId: string;
let ticketId: string;

beforeAll(async () => {
  event = await SoldOutEvent.open();
  seller = event.office.people.buyer;
});
afterAll(() => event.office.close());
beforeEach(async () => {
  await event.announce(2, 1, 1);
  orderId = event.bought[1]!;
  [ticketId] = (await event.ticketsOf(orderId)) as [string];
});
afterEach(async () => {
  await event.office.get(SettleListings).look();
  await event.office.invariants();
  expect(await neitherTicketNorMoney()).toEqual([]);
});

const set = (sql: string, ...more: unknown[]) => event.db.asOwner(sql, [event.office.eventId, ...more]);
const list = (id = ticketId, as = seller, headers = {}) =>
  event.office.api.call('POST', `/tickets/${id}/resale`, { as, headers });
const withdraw = (id = ticketId) => event.call('DELETE', `/tickets/${id}/resale`, seller);
const listing = async (id = ticketId) => (await event.call('GET', `/tickets/${id}/resale`, seller)).body;
const ticket = async (id = ticketId) => (await event.call('GET', `/tickets/${id}`, seller)).body;
const settle = async () => {
  while (await event.office.get(SettleListings).look());
};
/** Somebody else holds one, unpaid. */
const hold = async (quantity = 1): Promise<string> => {
  const answer = await event.office.place(quantity, event.office.people.other);
  expect(answer.status).toBe(201);
  return answer.body.id;
};
const refundsOf = (id = orderId) => event.office.told('order.refund-requested.v1', id);
/** Sellers with both, with neither, or with more than they paid. */
const neitherTicketNorMoney = () =>
  event.db.asOwner(
    `select l.id, l.status, t.status as ticket from listings l join tickets t on t.id = l.ticket_id
     where l.event_id = $1 and case l.status
       when 'listed' then t.status <> 'listed' or t.refund_id is not null
       when 'sold' then t.status <> 'void' or t.refund_id is null else t.status = 'listed' and not exists (
         select from listings n where n.ticket_id = t.id and n.status = 'listed') end`,
    [event.office.eventId],
  );

describe('a ticket that is given back for resale', () => {
  it('admits nobody from now on and its unit is for sale, and no money moves', async () => {
    const { body: before } = await event.call('GET', `/tickets/${ticketId}/qr?format=json`, seller);
    expect(before.code).toBeDefined();
    const answer = await list();
    expect(answer).toMatchObject({
      status: 201,
      body: { ticketId, status: 'listed', price: money(PRICE), endedAt: null },
    });
    expect((await ticket()).status).toBe('listed');
    for (const file of ['qr?format=json', 'pdf'])
      expect((await event.call('GET', `/tickets/${ticketId}/${file}`, seller)).body.code).toBe('ticket-listed');
    const [{ version }] = (await event.db.asOwner<{ version: number }>(
      'select holder_version as version from tickets where id = $1',
      [ticketId],
    )) as [{ version: number }];
    expect(version).toBe(2);
    expect(await event.available()).toBe(1);
    await settle();
    expect(await refundsOf()).toEqual([]);
    expect(await event.office.read(orderId)).toMatchObject({ status: 'confirmed', refundPending: money(0) });
    expect(await event.office.told('ticket.listed.v1', orderId)).toMatchObject([{ ticketId, price: money(PRICE) }]);
  });

  it("hard case 44: is sold when somebody else has paid: the seller's money returns then, once, and not before", async () => {
    await list();
    const other = await hold();
    await settle();
    expect((await listing()).status).toBe('listed');
    expect(await refundsOf()).toEqual([]);
    await event.paid(other);
    await Promise.all([settle(), settle(), settle()]);
    expect((await listing()).status).toBe('sold');
    expect((await ticket()).status).toBe('void');
    expect(await refundsOf()).toMatchObject([{ ticketIds: [ticketId], amount: money(PRICE), reason: 'resold' }]);
    expect(await event.office.read(orderId)).toMatchObject({ status: 'refunded', refundPending: money(PRICE) });
    expect(await event.available()).toBe(0);
    expect(await event.office.taken()).toBe('4');
  });

  it('hard case 44: stays where it is when the new buyer does not pay', async () => {
    await list();
    const other = await hold();
    expect((await withdraw()).body.code).toBe('resale-under-way');
    await event.office.age(other, 1);
    await event.office.get(ExpireOrders).look();
    await settle();
    expect(await refundsOf()).toEqual([]);
    expect((await withdraw()).body.status).toBe('withdrawn');
    expect((await withdraw()).body.status).toBe('withdrawn');
    expect((await ticket()).status).toBe('valid');
    expect(await event.office.taken()).toBe('4');
    expect((await event.call('GET', `/tickets/${ticketId}/qr?format=json`, seller)).status).toBe(200);
    expect(await event.office.told('ticket.listing-ended.v1', orderId)).toMatchObject([{ reason: 'withdrawn' }]);
    expect((await list()).status).toBe(201);
  });

  it('is offered to who waits first', async () => {
    const waiting = await event.waiting();
    await list();
    expect((await event.office.place(1, event.office.people.other)).body.code).toBe('sold-out');
    await event.serve();
    const { offer } = await event.entryOf(waiting);
    await event.paid(offer.orderId);
    await settle();
    expect((await listing()).status).toBe('sold');
  });

  it('is sold after what the organizer has left, and the oldest is sold first', async () => {
    const [first, second] = (await event.ticketsOf(event.bought[0]!)) as [string, string];
    await list(first);
    await list(second);
    await set('update stock_counters set capacity = capacity + 1 where event_id = $1');
    await event.buy(1, event.office.people.other);
    await settle();
    expect([(await listing(first)).status, (await listing(second)).status]).toEqual(['listed', 'listed']);
    await event.buy(1, event.office.people.other);
    await settle();
    expect([(await listing(first)).status, (await listing(second)).status]).toEqual(['sold', 'listed']);
    expect(await event.office.read(event.bought[0]!)).toMatchObject({
      status: 'confirmed',
      refundPending: money(PRICE),
    });
    await event.buy(1, event.office.people.other);
    await settle();
    expect(await event.office.read(event.bought[0]!)).toMatchObject({
      status: 'refunded',
      refundPending: money(2 * PRICE),
    });
    expect(await refundsOf(event.bought[0]!)).toHaveLength(2);
  });

  it('is listed once, and a repeated request has the first answer', async () => {
    const headers = { 'idempotency-key': uuid() };
    const [first, again] = [await list(ticketId, seller, headers), await list(ticketId, seller, headers)];
    expect(again.body).toEqual(first.body);
    expect((await list()).body.code).toBe('ticket-listed');
    const answers = await Promise.all(Array.from({ length: 8 }, () => withdraw()));
    expect(new Set(answers.map(({ body }) => body.status))).toEqual(new Set(['withdrawn']));
    expect(await event.office.taken()).toBe('4');
    const lists = await Promise.all(Array.from({ length: 8 }, () => list()));
    expect(lists.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await event.office.taken()).toBe('3');
  });

  it.each([
    ['the organizer does not allow it', 'update events set resale_allowed = false where id = $1', 'resale-closed'],
    ['the event has begun', `update events set starts_at = now() - interval '1 s' where id = $1`, 'resale-closed'],
    ['the sale is over', 'update ticket_types set sales_end_at = now() where event_id = $1', 'resale-closed'],
    ['it sells for less now', 'update ticket_types set price = price - 1 where event_id = $1', 'face-value'],
    ['the payment is disputed', `update tickets set status = 'frozen' where event_id = $1`, 'ticket-frozen'],
    [
      'it was used',
      `update tickets set status = 'checked_in', checked_in_at = now() where event_id = $1`,
      'ticket-checked-in',
    ],
    ['it cost nothing', 'update tickets set unit_price = 0 where event_id = $1', 'not-resalable'],
  ])('is refused when %s', async (_, sql, code) => {
    await set(sql);
    expect(await list()).toMatchObject({ status: 409, body: { code } });
    await set(`update tickets set status = 'valid', unit_price = ${PRICE}, checked_in_at = null where event_id = $1`);
  });

  it('is its payer’s to give: neither of somebody it was handed on to, nor of a stranger', async () => {
    const { other } = event.office.people;
    expect((await list(ticketId, other)).status).toBe(404);
    await event.db.asOwner('update tickets set holder_id = $2 where id = $1', [ticketId, other.userId]);
    expect(await list(ticketId, other)).toMatchObject({ status: 409, body: { code: 'ticket-transferred' } });
  });
});

describe('a listing that nobody bought', () => {
  it('goes back to the seller when the event begins', async () => {
    await list();
    await set(`update events set starts_at = now() - interval '1 s' where id = $1`);
    await settle();
    expect((await listing()).status).toBe('returned');
    expect((await ticket()).status).toBe('valid');
    expect(await event.office.taken()).toBe('4');
    expect(await event.office.told('ticket.listing-ended.v1', orderId)).toMatchObject([{ reason: 'unsold' }]);
  });

  it('hard case 45: waits for who holds it: the newest go back at once, the last hold decides about the oldest', async () => {
    const second = (await event.ticketsOf(event.bought[2]!))[0]!;
    await list();
    await list(second);
    const other = await hold();
    await set(`update events set starts_at = now() - interval '1 s' where id = $1`);
    await settle();
    expect([(await listing()).status, (await listing(second)).status]).toEqual(['listed', 'returned']);
    await event.office.age(other, 1);
    await event.office.get(ExpireOrders).look();
    await settle();
    expect((await listing()).status).toBe('returned');
  });

  it('is paid for when the hold is paid after all', async () => {
    await list();
    const other = await hold();
    await set(`update events set starts_at = now() - interval '1 s' where id = $1`);
    await event.paid(other);
    await settle();
    expect((await listing()).status).toBe('sold');
  });

  it('goes back before it is sold for less than was paid for it', async () => {
    await list();
    const { eventId, typeId, people } = event.office;
    const price = money(PRICE - 500);
    await event.call('PATCH', `/events/${eventId}/ticket-types/${typeId}`, people.organizer, { price });
    await settle();
    expect((await listing()).status).toBe('returned');
    expect(await event.office.told('ticket.listing-ended.v1', orderId)).toMatchObject([{ reason: 'face-value' }]);
  });

  it('of a disputed payment goes back frozen', async () => {
    await list();
    const [{ payment_id: paymentId }] = (await event.db.asOwner<{ payment_id: string }>(
      'select payment_id from orders where id = $1',
      [orderId],
    )) as [{ payment_id: string }];
    const dispute = { orderId, paymentId, disputeId: uuid() };
    await event.office.hear(() => event.office.disputed({ ...dispute, amount: money(PRICE), reason: 'fraudulent' }));
    expect((await ticket()).status).toBe('listed');
    await withdraw();
    expect((await ticket()).status).toBe('frozen');
    await event.office.hear(() => event.office.disputeClosed({ ...dispute, outcome: 'won' }));
    expect((await ticket()).status).toBe('valid');
  });
});

describe('what else becomes of a listed ticket', () => {
  it('an organizer refunds it: its unit is not given back twice, and the listing has ended', async () => {
    await list();
    await event.refund(orderId);
    expect((await listing()).status).toBe('ended');
    expect(await event.office.taken()).toBe('3');
    expect(await refundsOf()).toMatchObject([{ amount: money(PRICE), reason: 'organizer' }]);
    expect((await withdraw()).body.code).toBe('not-listed');
    await event.buy(1, event.office.people.other);
    await settle();
    expect(await refundsOf()).toHaveLength(1);
  });

  it('hard case 46: the event is cancelled: the seller has the money as everybody has, once', async () => {
    await list();
    await event.buy(1, event.office.people.other);
    const { eventId, people } = event.office;
    await event.call('POST', `/events/${eventId}/cancel`, people.organizer);
    await Promise.all([event.office.get(EndOrdersOfCancelledEvents).look(), event.office.get(SettleListings).look()]);
    expect(await refundsOf()).toHaveLength(1);
    expect((await ticket()).status).toBe('void');
    expect(await event.office.taken()).toBe('0');
  });

  it('somebody gives all the money back at the provider: the ticket is void and its unit stays where it is', async () => {
    await list();
    const [{ payment_id: paymentId }] = (await event.db.asOwner<{ payment_id: string }>(
      'select payment_id from orders where id = $1',
      [orderId],
    )) as [{ payment_id: string }];
    const refund = { orderId, paymentId, refundId: uuid(), amount: money(PRICE) };
    await event.office.hear(() => event.office.refunded(refund));
    expect([(await listing()).status, await event.office.taken()]).toEqual(['ended', '3']);
  });

  it('hard case 46: late money takes its unit: the same rule pays the seller', async () => {
    await list();
    const late = await hold();
    await event.office.age(late, 1);
    await event.office.get(ExpireOrders).look();
    await event.paid(late);
    expect((await event.office.read(late, event.office.people.other)).status).toBe('confirmed');
    await settle();
    expect((await listing()).status).toBe('sold');
    expect(await refundsOf()).toHaveLength(1);
  });

  it('the organizer takes the money of the new buyer at the desk: the seller is paid, too', async () => {
    await list();
    const other = await hold();
    await event.call('PUT', `/mgmt/bookings/${other}/confirm`, event.office.people.organizer);
    await settle();
    expect((await listing()).status).toBe('sold');
  });

  it('whoever gives the new ticket back gives it to the public, not to the seller who was paid', async () => {
    await list();
    const other = await event.buy(1, event.office.people.other);
    await settle();
    await event.refund(other);
    await settle();
    expect((await listing()).status).toBe('sold');
    expect(await event.available()).toBe(1);
  });

  it('hard case 45: the seller withdraws while somebody orders it, many times over: one of the two has it', async () => {
    for (let round = 0; round < 5; round += 1) {
      await list();
      const [withdrawn, placed] = await Promise.all([withdraw(), event.office.place(1, event.office.people.other)]);
      expect([withdrawn.status, placed.status].sort()).toEqual(placed.status === 201 ? [201, 409] : [200, 409]);
      if (placed.status === 201) {
        await event.office.api.call('POST', `/orders/${placed.body.id}/cancel`, { as: event.office.people.other });
        await withdraw();
      }
    }
    expect((await ticket()).status).toBe('valid');
    expect(await event.office.taken()).toBe('4');
  });
});
