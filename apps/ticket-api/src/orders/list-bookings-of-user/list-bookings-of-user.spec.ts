import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('listing bookings', () => {
  it("bookings by event: one's own as `me`, another's for the organizer of the events, nobody else's", async () => {
    const { body } = await office.place();
    const of = (userId: string, as: Identity) => office.api.call('GET', `/mgmt/bookings/user/${userId}`, { as });
    const groups = (answer: { body: any }) =>
      answer.body.data.filter((group: any) => group.event.id === office.eventId);
    for (const answer of [
      await of('me', office.people.buyer),
      await of(office.people.buyer.userId, office.people.organizer),
    ])
      expect(groups(answer)).toMatchObject([
        { event: { id: office.eventId, title: 'Jazz' }, bookings: [{ id: body.id }] },
      ]);
    expect((await of(office.people.buyer.userId, office.people.other)).status).toBe(403);
    expect((await of(office.people.buyer.userId, office.people.scanner)).status).toBe(403);
  });
});
