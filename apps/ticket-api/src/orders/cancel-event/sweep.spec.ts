import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { meanwhile, type Statement } from '../../testing/meanwhile.js';
import { addEvent, addTickets } from '../../testing/seed.js';
import { untilWaiting } from '../../testing/until-waiting.js';
import { ExpireOrders } from '../expire-orders/expire-orders.js';
import { BoxOffice, PRICE } from '../testing/box-office.js';
import { EndOrdersOfCancelledEvents } from './end-orders-of-cancelled-events.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const look = (batch?: number) => office.get(EndOrdersOfCancelledEvents).look(batch);
const cancel = () => office.api.call('POST', `/events/${office.eventId}/cancel`, { as: office.people.organizer });

/** What `POST /events/:id/cancel` has done when it is about to commit. */
const cancelling = (): Statement[] => [
  [`update events set status = 'cancelled', cancelled_at = now() where id = $1`, [office.eventId]],
  lockedCounters(),
];

const lockedCounters = (): Statement => [
  'select from stock_counters where event_id = $1 for no key update',
  [office.eventId],
];

describe('hard case 26: the orders of a cancelled event', () => {
  it('are ended after a crash too, each once: what is left to do stands in the orders', async () => {
    const ids: string[] = [];
    for (const buyer of [office.people.buyer, office.people.other, office.people.buyer]) {
      const { id } = (await office.place(1, buyer)).body;
      await office.hear(() => office.paid(id));
      ids.push(id);
    }
    await cancel();
    const requests = async () =>
      (await Promise.all(ids.map((id) => office.told('order.refund-requested.v1', id)))).map(({ length }) => length);
    const lock: Statement = ['select from tickets where order_id = $1 for update', [ids[1]]];
    await meanwhile(office.api.db, [lock], async (other) => {
      const sweeping = look();
      await untilWaiting(office.api.db, 1);
      await other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      await sweeping;
    });
    expect(await requests()).toEqual([0, 0, 0]);
    expect(await office.taken()).toBe('3');
    for (let again = 0; again < 3; again += 1) await look();
    expect(await requests()).toEqual([1, 1, 1]);
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });

  it('are all come to, also behind a whole batch of those that cannot be ended', async () => {
    const event = await addEvent(office.api.db, office.tenantId, { capacity: 1000 });
    Object.assign(office, event);
    const orders: string[] = [];
    for (let made = 0; made < 6; made += 1)
      orders.push((await addTickets(office.api.db, event, office.people.buyer)).orderId);
    const broken = orders.toSorted().slice(0, 4);
    await office.api.db.asOwner('update order_items set returned = quantity where order_id = any($1)', [broken]);
    await cancel();
    for (let round = 0; round < 2; round += 1) await look(3);
    const open = await office.api.db.asOwner<{ id: string }>(
      `select id from orders where event_id = $1 and status = 'confirmed' order by id`,
      [office.eventId],
    );
    expect(open.map(({ id }) => id)).toEqual(broken);
    const ended = () =>
      office.api.db.asOwner('select from events where id = $1 and orders_ended_at is not null', [office.eventId]);
    for (let round = 0; round < 3; round += 1) await look(3);
    expect(await ended()).toHaveLength(0);
    await office.api.db.asOwner('update order_items set returned = 0 where order_id = any($1)', [broken]);
    for (let round = 0; round < 4; round += 1) await look(3);
    expect(await ended()).toHaveLength(1);
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });

  it('are not joined by a hold that had ended, whose money comes while the event is being cancelled', async () => {
    const { id } = (await office.place(1)).body;
    await office.age(id, 1);
    await office.get(ExpireOrders).look();
    let paying: Promise<void> | undefined;
    await meanwhile(office.api.db, cancelling(), async (other) => {
      paying = office.hear(() => office.paid(id));
      await untilWaiting(office.api.db, 1);
      await other.query('commit');
      await paying;
    });
    expect(await office.read(id)).toMatchObject({ status: 'expired', refundPending: { amount: PRICE }, tickets: [] });
    expect(await office.told('order.unfulfillable.v1', id)).toMatchObject([{ reason: 'event-cancelled' }]);
    expect(await office.taken()).toBe('0');
  });

  it('are not joined by an order that is placed while the event is being cancelled', async () => {
    await meanwhile(office.api.db, cancelling(), async (other) => {
      const placing = office.place(1);
      await untilWaiting(office.api.db, 1);
      await other.query('commit');
      expect(await placing).toMatchObject({ status: 409, body: { code: 'sales-closed' } });
    });
    expect(await office.taken()).toBe('0');
  });

  it('have all been placed when the event is cancelled: it waits for reservations under way', async () => {
    await meanwhile(office.api.db, [lockedCounters()], async (reserving) => {
      const cancelled = cancel();
      await untilWaiting(office.api.db, 1);
      await reserving.query('commit');
      expect(await cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    });
  });
});
