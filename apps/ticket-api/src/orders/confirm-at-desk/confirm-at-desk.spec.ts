import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const confirm = (id: string) => office.api.call('PUT', `/mgmt/bookings/${id}/confirm`, { as: office.people.organizer });

describe("an organizer's word that the money was taken at the desk", () => {
  it('confirms a hold; saying it again changes nothing', async () => {
    const { id } = (await office.place(2)).body;
    expect(await confirm(id)).toMatchObject({ status: 200, body: { status: 'confirmed' } });
    expect((await confirm(id)).body.tickets).toHaveLength(2);
    await office.invariants();
  });

  it('does not revive an order that has ended', async () => {
    const { id } = (await office.place()).body;
    await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer });
    expect(await confirm(id)).toMatchObject({ status: 409, body: { code: 'order-ended' } });
    expect(await office.read(id)).toMatchObject({ status: 'cancelled', tickets: [] });
  });

  it('makes no tickets of an event that is cancelled, though the hold has not been ended yet', async () => {
    const { id } = (await office.place()).body;
    await office.api.call('POST', `/events/${office.eventId}/cancel`, { as: office.people.organizer });
    expect(await confirm(id)).toMatchObject({ status: 409, body: { code: 'order-ended' } });
    expect(await office.read(id)).toMatchObject({ status: 'pending', tickets: [] });
  });
});
