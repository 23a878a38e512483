import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('cancelling an order', () => {
  it('that was paid at the desk is possible until a ticket of it is used', async () => {
    const { id } = (await office.place()).body;
    await office.api.call('PUT', `/mgmt/bookings/${id}/confirm`, { as: office.people.organizer });
    await office.api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where order_id = $1`, [
      id,
    ]);
    expect(await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer })).toMatchObject({
      status: 409,
      body: { code: 'ticket-checked-in' },
    });
    expect((await office.read(id)).status).toBe('confirmed');
  });

  it('a paid order is not cancelled but refunded; an ended one is told so', async () => {
    const { body } = await office.place();
    await office.hear(() => office.paid(body.id));
    expect((await office.api.call('POST', `/orders/${body.id}/cancel`, { as: office.people.buyer })).body.code).toBe(
      'refund-required',
    );
    await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
    expect((await office.api.call('POST', `/orders/${body.id}/cancel`, { as: office.people.buyer })).body.code).toBe(
      'order-ended',
    );
    expect(
      (await office.api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as: office.people.organizer })).body.code,
    ).toBe('order-ended');
  });
});
