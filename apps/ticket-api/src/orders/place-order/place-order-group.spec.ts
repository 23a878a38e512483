import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import type { OrderGroupAnswer, OrderGroupMember } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { addPerson } from '../../testing/seed.js';
import { BoxOffice } from '../testing/box-office.js';

const PATH = '/internal/orders/group';
let office: BoxOffice;
let buyers: Identity[];
beforeAll(async () => {
  office = await BoxOffice.open();
  buyers = await Promise.all(Array.from({ length: 4 }, () => addPerson(office.api.db)));
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const member = (buyer = 0, quantity = 1, more: Partial<OrderGroupMember> = {}): OrderGroupMember => {
  const { userId: id, name, email } = buyers[buyer] as Identity;
  const ids = { requestId: `r-${buyer}`, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
  return { path: '/api/v1/orders', ...ids, buyer: { id, name, email }, body: office.wish(quantity), ...more };
};

async function send(...members: OrderGroupMember[]) {
  const { status, body } = await office.api.postInternally(PATH, { members });
  expect(status).toBe(200);
  return (body.answers as OrderGroupAnswer[]).map((answer) => ({ ...answer, body: JSON.parse(answer.body) }));
}

describe('a group of orders from the gateway', () => {
  it('gives each its own answer, as if it had come alone', async () => {
    const nothing = { eventId: uuid(), items: [{ ticketTypeId: office.typeId, quantity: 1 }] };
    const answers = await send(member(0, 6), member(1, 6), member(2, 4), member(3, 1, { body: nothing }));
    expect(answers).toMatchObject([
      { status: 201, replayed: false, body: { status: 'pending', userId: buyers[0]?.userId } },
      { status: 409, body: { code: 'sold-out', instance: '/api/v1/orders', requestId: 'r-1' } },
      { status: 201, body: { userId: buyers[2]?.userId } },
      { status: 404, body: { code: 'not-found', requestId: 'r-3' } },
    ]);
    expect(await office.taken()).toBe('10');
    await office.invariants();
  });

  it('is one transaction', async () => {
    await send(member(0), member(1), member(2), member(3));
    const sql = 'select count(distinct xmin::text) as transactions from orders where event_id = $1';
    expect(await office.api.db.asOwner(sql, [office.eventId])).toEqual([{ transactions: 1 }]);
  });

  it('a key is the same key whether its request comes in a group or alone', async () => {
    const key = uuid();
    const [grouped] = await send(member(0, 2, { idempotencyKey: key }));
    const alone = await office.place(2, buyers[0], { 'idempotency-key': key });
    expect([alone.status, alone.headers.get('idempotent-replayed'), alone.body]).toEqual([201, 'true', grouped?.body]);
    const [again] = await send(member(0, 2, { idempotencyKey: key }));
    expect(again).toMatchObject({ status: 201, replayed: true, body: grouped?.body });
  });

  it('is the word of the gateway about this very body, or nothing', async () => {
    const group = { members: [member()] };
    const other = JSON.stringify({ members: [member(0, 2)] });
    expect(await office.api.postInternally(PATH, group, { sent: other })).toMatchObject({ status: 401 });
    expect(await office.api.postInternally(PATH, group, { by: 'payment-service' })).toMatchObject({ status: 403 });
    expect(await office.taken()).toBe('0');
  });
});
