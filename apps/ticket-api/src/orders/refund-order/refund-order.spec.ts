import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { meanwhile } from '../../testing/meanwhile.js';
import { untilWaiting } from '../../testing/until-waiting.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('giving tickets back', () => {
  it('a refund: tickets void and stock back with the answer, the money follows to the cent, once', async () => {
    const { body } = await office.place(3);
    await office.hear(() => office.paid(body.id, uuid(), 3 * PRICE));
    const { tickets } = await office.read(body.id);
    const partly = await office.api.call('POST', `/orders/${body.id}/refund`, {
      as: office.people.buyer,
      body: { ticketIds: [tickets[0].id] },
      headers: { 'idempotency-key': 'r' },
    });
    expect(partly).toMatchObject({ status: 202, body: { status: 'confirmed', refundPending: money(PRICE) } });
    const again = await office.api.call('POST', `/orders/${body.id}/refund`, {
      as: office.people.buyer,
      body: { ticketIds: [tickets[0].id] },
      headers: { 'idempotency-key': 'r' },
    });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await office.taken()).toBe('2');
    await office.invariants();
    const whole = await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.organizer });
    expect(whole).toMatchObject({ status: 202, body: { status: 'refunded', refundPending: money(3 * PRICE) } });
    const requests = await office.told('order.refund-requested.v1', body.id);
    expect(requests.map(({ amount }) => amount.amount)).toEqual([PRICE, 2 * PRICE]);
    for (const { refundId, amount } of requests)
      await office.hear(() => office.refunded({ orderId: body.id, paymentId: uuid(), refundId, amount }));
    expect(await office.read(body.id)).toMatchObject({ refunded: money(3 * PRICE), refundPending: money(0) });
    expect((await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer })).body.code).toBe(
      'nothing-to-refund',
    );
    await office.invariants();
  });

  it('hard case 12: after the deadline only the organizer takes tickets back; a used one nobody', async () => {
    const { body } = await office.place(2);
    await office.hear(() => office.paid(body.id, uuid(), 2 * PRICE));
    await office.api.db.asOwner(`update events set refundable_until = now() - interval '1 second' where id = $1`, [
      office.eventId,
    ]);
    const { tickets } = await office.read(body.id);
    await office.api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [
      tickets[0].id,
    ]);
    const refund = (as: Identity, ticketId: string) =>
      office.api.call('POST', `/orders/${body.id}/refund`, { as, body: { ticketIds: [ticketId] } });
    expect(await refund(office.people.buyer, tickets[1].id)).toMatchObject({
      status: 409,
      body: { code: 'refund-closed' },
    });
    expect(await refund(office.people.organizer, tickets[0].id)).toMatchObject({
      status: 409,
      body: { code: 'ticket-checked-in' },
    });
    expect(await refund(office.people.organizer, uuid())).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'ticketIds.0' }] },
    });
    expect(await refund(office.people.organizer, tickets[1].id)).toMatchObject({ status: 202 });
    await office.invariants();
  });

  it('many refunds of one order at once give each ticket back once', async () => {
    const { body } = await office.place(5);
    await office.hear(() => office.paid(body.id, uuid(), 5 * PRICE));
    const { tickets } = await office.read(body.id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        office.api.call('POST', `/orders/${body.id}/refund`, {
          as: office.people.buyer,
          body: { ticketIds: [tickets[index % 5].id] },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(await office.read(body.id)).toMatchObject({ status: 'refunded', refundPending: money(5 * PRICE) });
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });

  it('a ticket with which somebody enters at that moment is not given back', async () => {
    const { body } = await office.place(1);
    await office.hear(() => office.paid(body.id));
    const entering = `update tickets set status = 'checked_in', checked_in_at = now() where order_id = $1`;
    await meanwhile(office.api.db, [[entering, [body.id]]], async (gate) => {
      const refund = office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
      await untilWaiting(office.api.db, 1);
      await gate.query('commit');
      expect(await refund).toMatchObject({ status: 409, body: { code: 'ticket-checked-in' } });
    });
    expect(await office.read(body.id)).toMatchObject({ status: 'confirmed', tickets: [{ status: 'checked_in' }] });
  });

  it('a second payment that goes back takes nothing from what the tickets are worth', async () => {
    const { body } = await office.place(1);
    await office.hear(() => office.paid(body.id));
    await office.hear(() => office.paid(body.id));
    expect(await office.read(body.id)).toMatchObject({ status: 'confirmed', refundPending: money(PRICE) });
    const given = await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
    expect(given.body).toMatchObject({ status: 'refunded', refundPending: money(2 * PRICE) });
    expect(await office.told('order.refund-requested.v1', body.id)).toMatchObject([{ amount: money(PRICE) }]);
  });

  it('a ticket that is void has no code any more: those that were given out are of an older version', async () => {
    const { body } = await office.place(1);
    await office.hear(() => office.paid(body.id));
    await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
    const tickets = await office.api.db.asOwner('select status, holder_version from tickets where order_id = $1', [
      body.id,
    ]);
    expect(tickets).toEqual([{ status: 'void', holder_version: 2 }]);
  });

  it('what was free, or paid at the desk, is undone without payment-service', async () => {
    const desk = (await office.place(2)).body.id;
    expect(
      (await office.api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: office.people.organizer })).body,
    ).toMatchObject({
      status: 'confirmed',
    });
    expect(
      (await office.api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: office.people.organizer })).status,
    ).toBe(200);
    const refunded = await office.api.call('PUT', `/mgmt/bookings/${desk}/refund`, { as: office.people.organizer });
    expect(refunded).toMatchObject({
      status: 202,
      body: { status: 'refunded', refunded: money(2 * PRICE), refundPending: money(0) },
    });
    expect(await office.told('order.refund-requested.v1', desk)).toEqual([]);
    const other = (await office.place(1)).body.id;
    await office.api.call('PUT', `/mgmt/bookings/${other}/confirm`, { as: office.people.organizer });
    expect(
      (await office.api.call('PUT', `/mgmt/bookings/${other}/cancel`, { as: office.people.organizer })).body,
    ).toMatchObject({
      status: 'cancelled',
      reason: 'organizer',
    });
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });
});
