import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { addEvent } from '../../testing/seed.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const path = (typeId = office.typeId) => `/internal/tickets/${typeId}/reserve`;
const reserve = (body: object, headers = {}, at = path()) =>
  office.api.postInternally(at, body, { headers, bound: false });

describe('a reservation by another service', () => {
  it('is an order of the person whom the service names', async () => {
    const { userId } = office.people.buyer;
    const { status, body } = await reserve({ userId, quantity: 2 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ userId, status: 'pending', total: money(2 * PRICE), eventId: office.eventId });
    expect(await office.read(body.id)).toMatchObject({ id: body.id, checkoutUrl: body.checkoutUrl });
    expect((await reserve({ userId })).body.items).toMatchObject([{ ticketTypeId: office.typeId, quantity: 1 }]);
    await office.invariants();
  });

  it('keeps the limits that the person has', async () => {
    const { userId } = office.people.buyer;
    expect((await reserve({ userId, quantity: 7 })).body.code).toBe('limit-exceeded');
    await reserve({ userId, quantity: 6 });
    expect((await reserve({ userId, quantity: 6 })).body).toMatchObject({ status: 409, code: 'sold-out' });
  });

  it('sent again with its Idempotency-Key is one order', async () => {
    const wish = { userId: office.people.buyer.userId, quantity: 1 };
    const key = { 'idempotency-key': 'internal' };
    const [first, second] = [await reserve(wish, key), await reserve(wish, key)];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await office.taken()).toBe('1');
    expect((await reserve({ ...wish, quantity: 2 }, key)).body.code).toBe('idempotency-key-reused');
  });

  it('names a ticket type that the public can see, and a person who has an account', async () => {
    const { userId } = office.people.buyer;
    const draft = await addEvent(office.api.db, office.tenantId, { status: 'draft' });
    for (const typeId of [uuid(), draft.typeId, 'no-uuid'])
      expect((await reserve({ userId }, {}, path(typeId))).status).toBe(404);
    const stranger = await reserve({ userId: uuid() });
    expect([stranger.status, stranger.body.errors]).toEqual([422, [expect.objectContaining({ path: 'userId' })]]);
    expect((await reserve({ userId, quantity: 0 })).status).toBe(422);
  });

  it('is for services of ours', async () => {
    const body = { userId: office.people.buyer.userId };
    expect((await reserve(body, { authorization: 'Bearer x' })).status).toBe(401);
    expect(await office.taken()).toBe('0');
  });
});
