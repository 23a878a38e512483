import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('placing an order', () => {
  it('a hold takes its stock and notes what payment-service has to hear, together', async () => {
    const { status, body } = await office.place(2);
    expect(status).toBe(201);
    expect(await office.taken()).toBe('2');
    expect(await office.told('order.reserved.v1', body.id)).toMatchObject([
      {
        total: money(2 * PRICE),
        buyer: { id: office.people.buyer.userId, email: office.people.buyer.email },
        event: { id: office.eventId },
      },
    ]);
    await office.invariants();
  });

  it('what is refused leaves no trace: no stock, no order, no message', async () => {
    const before = (await office.api.told('order.reserved.v1')).length;
    expect(await office.place(7)).toMatchObject({
      status: 409,
      body: { code: 'limit-exceeded', limit: 'maxPerOrder', allowed: 6 },
    });
    await office.place(6);
    expect(await office.place(5)).toMatchObject({
      status: 409,
      body: { code: 'sold-out', available: [{ ticketTypeId: office.typeId, available: 4 }] },
    });
    expect(await office.taken()).toBe('6');
    expect((await office.api.told('order.reserved.v1')).length).toBe(before + 1);
    await office.invariants();
  });

  it('more than one payment can move is refused before anything is held', async () => {
    await office.api.db.asOwner('update ticket_types set price = 99999999 where id = $1', [office.typeId]);
    expect(await office.place(2)).toMatchObject({ status: 409, body: { code: 'limit-exceeded', limit: 'maxTotal' } });
    expect(await office.taken()).toBe('0');
  });

  it('a buyer has only so many open holds for an event', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => office.place()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      body: { code: 'limit-exceeded', limit: 'maxHoldsPerBuyer' },
    });
  });

  it('a hold that has ended counts no more, though nobody has ended it yet', async () => {
    for (let made = 0; made < 3; made += 1) await office.age((await office.place()).body.id, 1);
    expect((await office.place()).status).toBe(201);
  });

  it('what was bought counts as no hold', async () => {
    for (let made = 0; made < 3; made += 1) {
      const { id } = (await office.place()).body;
      await office.hear(() => office.paid(id));
    }
    expect((await office.place()).status).toBe(201);
  });

  it('what was given back of an order may be bought again by a buyer who may have no more', async () => {
    await office.api.db.asOwner('update ticket_types set max_per_buyer = 2 where id = $1', [office.typeId]);
    const { id } = (await office.place(2)).body;
    await office.hear(() => office.paid(id, uuid(), 2 * PRICE));
    expect((await office.place()).body.code).toBe('limit-exceeded');
    const [{ id: ticketId }] = (await office.read(id)).tickets;
    const body = { ticketIds: [ticketId] };
    await office.api.call('POST', `/orders/${id}/refund`, { as: office.people.buyer, body });
    expect((await office.place()).status).toBe(201);
    expect((await office.place()).body.code).toBe('limit-exceeded');
  });

  it('a buyer has only so many of a ticket type over all orders, held and confirmed', async () => {
    await office.api.db.asOwner('update ticket_types set max_per_buyer = 3 where id = $1', [office.typeId]);
    const { body } = await office.place(2);
    await office.hear(() => office.paid(body.id, uuid(), 2 * PRICE));
    expect((await office.place(1)).status).toBe(201);
    expect(await office.place(1)).toMatchObject({
      status: 409,
      body: { code: 'limit-exceeded', limit: 'maxPerBuyer', allowed: 3 },
    });
    expect((await office.place(3, office.people.other)).status).toBe(201);
  });

  it.each([
    [
      'before its sale begins',
      `update ticket_types set sales_start_at = now() + interval '1 hour' where event_id = $1`,
    ],
    [
      'after its event',
      `update events set starts_at = now() - interval '1 hour', ends_at = now() - interval '1 second' where id = $1`,
    ],
    ['of a cancelled event', `update events set status = 'cancelled' where id = $1`],
  ])('nothing is sold %s', async (_, sql) => {
    await office.api.db.asOwner(sql, [office.eventId]);
    const detail = sql.includes('cancelled')
      ? 'The event is cancelled: no more tickets are sold for it.'
      : expect.stringContaining('is not on sale now.');
    expect(await office.place()).toMatchObject({ status: 409, body: { code: 'sales-closed', detail } });
  });

  it('nothing is sold outside its time, of a draft, or of another event', async () => {
    const closed = await office.addClosedType();
    const wishOf = (ticketTypeId: string) => ({
      as: office.people.buyer,
      body: { eventId: office.eventId, items: [{ ticketTypeId, quantity: 1 }] },
    });
    expect(await office.api.call('POST', '/orders', wishOf(closed))).toMatchObject({
      status: 409,
      body: { code: 'sales-closed' },
    });
    expect(await office.api.call('POST', '/orders', wishOf(uuid()))).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'items.0.ticketTypeId' }] },
    });
    await office.api.db.asOwner(`update events set status = 'draft' where id = $1`, [office.eventId]);
    expect(await office.place()).toMatchObject({ status: 404 });
    expect(await office.place(1, office.people.organizer)).toMatchObject({
      status: 409,
      body: { code: 'sales-closed' },
    });
  });

  it('hard case 28: the price at the time of the hold is what is paid', async () => {
    const { body } = await office.place();
    await office.api.db.asOwner('update ticket_types set price = 9900 where id = $1', [office.typeId]);
    await office.hear(() => office.paid(body.id));
    expect(await office.read(body.id)).toMatchObject({ status: 'confirmed', total: money(PRICE) });
  });
});
