import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { OnPaymentEnded } from '../on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from '../on-payment-opened/on-payment-opened.js';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const recheck = (orderId: string, as = office.people.organizer, headers = {}) =>
  office.api.call('POST', `/orders/${orderId}/recheck`, { as, headers });
const wanted = (orderId: string) => office.told('order.recheck-requested.v1', orderId);
const placed = async (): Promise<string> => (await office.place()).body.id;
const opened = (orderId: string) =>
  office.hear(() => office.get(OnPaymentOpened).handle(office.group({ orderId, paymentId: uuid() })));
const expired = (orderId: string) =>
  office.hear(() => office.get(OnPaymentEnded).expired(office.group({ orderId, paymentId: uuid() })));

describe('asking the provider again', () => {
  it('is told to payment-service for an order whose checkout was opened, and stands in the timeline', async () => {
    const orderId = await placed();
    await opened(orderId);
    const answer = await recheck(orderId);
    expect(answer).toMatchObject({
      status: 202,
      body: { step: 'recheck-requested', detail: { by: { id: office.people.organizer.userId } } },
    });
    expect(await wanted(orderId)).toEqual([{ orderId }]);
    const { body } = await office.api.call('GET', `/orders/${orderId}/timeline`, { as: office.people.organizer });
    expect(body.data.at(-1)).toEqual(answer.body);
  });

  it('is possible after the hold, whichever came first: its end or the word of the checkout', async () => {
    const before = await placed();
    await opened(before);
    await expired(before);
    expect((await recheck(before)).status).toBe(202);
    const after = await placed();
    await expired(after);
    await opened(after);
    expect((await recheck(after)).status).toBe(202);
  });

  it('is possible while a refund is owed', async () => {
    const orderId = await placed();
    await office.hear(() => office.paid(orderId));
    expect(await recheck(orderId)).toMatchObject({ status: 409, body: { code: 'nothing-to-recheck' } });
    await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
    expect((await recheck(orderId)).status).toBe(202);
  });

  it('is refused where nobody can have paid', async () => {
    const orderId = await placed();
    expect(await recheck(orderId)).toMatchObject({ status: 409, body: { code: 'nothing-to-recheck' } });
    expect(await wanted(orderId)).toEqual([]);
  });

  it('is for organizers of the event: not for the buyer, a scanner or anybody else', async () => {
    const orderId = await placed();
    await opened(orderId);
    const { buyer, other, scanner } = office.people;
    expect((await recheck(orderId, buyer)).status).toBe(403);
    expect((await recheck(orderId, other)).status).toBe(404);
    expect((await recheck(orderId, scanner)).status).toBe(404);
    expect(await wanted(orderId)).toEqual([]);
  });

  it('is done ten times an hour at most', async () => {
    const orderId = await placed();
    await opened(orderId);
    for (let time = 0; time < 10; time += 1) expect((await recheck(orderId)).status).toBe(202);
    const refused = await recheck(orderId);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('with one Idempotency-Key is asked once', async () => {
    const orderId = await placed();
    await opened(orderId);
    const key = { 'idempotency-key': 'recheck-1' };
    await recheck(orderId, undefined, key);
    expect((await recheck(orderId, undefined, key)).headers.get('idempotent-replayed')).toBe('true');
    expect(await wanted(orderId)).toHaveLength(1);
  });
});
