import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../cancel-event/end-orders-of-cancelled-events.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

/** A paid order of two tickets, of which the first was used. */
async function usedOrder(): Promise<{ id: string; used: string; valid: string }> {
  const { id } = (await office.place(2)).body;
  await office.hear(() => office.paid(id, uuid(), 2 * PRICE));
  const [used, valid] = (await office.read(id)).tickets;
  await office.api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [
    used.id,
  ]);
  return { id, used: used.id, valid: valid.id };
}

const refund = (orderId: string, body: object, as: Identity = office.people.organizer) =>
  office.api.call('POST', `/orders/${orderId}/refund`, { as, body });
const override = { reason: 'The sound failed' };

describe('hard case 12: an organizer pays for a ticket that was used', () => {
  it('with a reason: the money goes back once, the ticket stays used, and no seat is returned', async () => {
    const { id, used } = await usedOrder();
    expect(await refund(id, { ticketIds: [used] })).toMatchObject({ status: 409, body: { code: 'ticket-checked-in' } });
    const paid = await refund(id, { ticketIds: [used], override });
    expect(paid).toMatchObject({ status: 202, body: { status: 'confirmed', refundPending: money(PRICE) } });
    expect(paid.body.tickets[0]).toMatchObject({ id: used, status: 'checked_in' });
    expect(await office.told('order.refund-requested.v1', id)).toMatchObject([{ amount: money(PRICE), ticketIds: [] }]);
    expect(await office.taken()).toBe('2');
    await office.invariants();
    const again = await refund(id, { ticketIds: [used], override });
    expect(again).toMatchObject({ status: 409, body: { code: 'nothing-to-refund' } });
  });

  it('who did it and why is shown to organizers, and not to the buyer', async () => {
    const { id, used, valid } = await usedOrder();
    const paid = await refund(id, { ticketIds: [used, valid], override });
    const { organizer, buyer } = office.people;
    const shown = {
      ...{ ticketIds: [used, valid].toSorted(), reason: override.reason, amount: money(2 * PRICE) },
      by: { id: organizer.userId, name: organizer.name },
    };
    expect(paid.body.refundOverrides).toMatchObject([shown]);
    expect((await office.read(id, organizer)).refundOverrides).toMatchObject([shown]);
    expect(await office.read(id, buyer)).not.toHaveProperty('refundOverrides');
    expect(await office.taken()).toBe('1');
    await office.invariants();
  });

  it('buyers may not, and the tickets have to be named', async () => {
    const { id, used } = await usedOrder();
    const { buyer } = office.people;
    expect(await refund(id, { ticketIds: [used], override }, buyer)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await refund(id, { override })).toMatchObject({ status: 422, body: { errors: [{ path: 'ticketIds' }] } });
    expect(await refund(id, { ticketIds: [used], override: { reason: ' ' } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'override.reason' }] },
    });
    expect(await office.told('order.refund-requested.v1', id)).toEqual([]);
  });

  it('after the deadline too', async () => {
    const { id, used } = await usedOrder();
    await office.api.db.asOwner(`update events set refundable_until = now() - interval '1 second' where id = $1`, [
      office.eventId,
    ]);
    expect(await refund(id, { ticketIds: [used], override })).toMatchObject({ status: 202 });
  });

  it('and when the event is cancelled after that, it is not paid again', async () => {
    const { id, used } = await usedOrder();
    await refund(id, { ticketIds: [used], override });
    await office.api.call('POST', `/events/${office.eventId}/cancel`, { as: office.people.organizer });
    await office.get(EndOrdersOfCancelledEvents).look();
    const order = await office.read(id, office.people.organizer);
    expect(order).toMatchObject({
      status: 'refunded',
      refundPending: money(2 * PRICE),
      refundOverrides: [{ ticketIds: [used] }],
    });
    const requests = await office.told('order.refund-requested.v1', id);
    expect(requests.map(({ amount }) => amount.amount)).toEqual([PRICE, PRICE]);
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });
});
