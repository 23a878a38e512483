import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('reading an order', () => {
  it("another person's order does not exist; a scanner sees no orders; the organizer may read it", async () => {
    const { body } = await office.place();
    for (const as of [office.people.other, office.people.scanner]) {
      expect((await office.api.call('GET', `/orders/${body.id}`, { as })).status).toBe(404);
      expect((await office.api.call('POST', `/orders/${body.id}/cancel`, { as })).status).toBe(404);
      expect((await office.api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as })).status).toBe(404);
    }
    expect(
      (await office.api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as: office.people.buyer })).status,
    ).toBe(403);
    expect((await office.api.call('GET', `/orders/${body.id}`, { as: office.people.organizer })).status).toBe(200);
  });
});
