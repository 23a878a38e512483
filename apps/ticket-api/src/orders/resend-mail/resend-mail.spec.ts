import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { BoxOffice, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const resend = (orderId: string, as = office.people.organizer, headers = {}) =>
  office.api.call('POST', `/orders/${orderId}/resend-mail`, { as, headers });
const wanted = (orderId: string) => office.told('order.mail-requested.v1', orderId);

async function confirmed(quantity = 1, paymentId?: string): Promise<string> {
  const { id } = (await office.place(quantity)).body;
  await office.hear(() => office.paid(id, paymentId, quantity * PRICE));
  return id;
}

describe('sending the mail with the tickets again', () => {
  it('asks for a mail with the tickets that were not given back, and stands in the timeline with who wanted it', async () => {
    const { buyer, organizer } = office.people;
    const orderId = await confirmed(2);
    const [first, second] = (await office.read(orderId)).tickets;
    await office.api.call('POST', `/orders/${orderId}/refund`, { as: buyer, body: { ticketIds: [first.id] } });
    const answer = await resend(orderId);
    const by = { id: organizer.userId, name: organizer.name, role: 'organizer' };
    expect(answer).toMatchObject({ status: 202, body: { step: 'mail-requested', detail: { by } } });
    expect(await wanted(orderId)).toMatchObject([
      { ticketIds: [second.id], how: 'paid', buyer: { email: buyer.email }, total: { amount: 2 * PRICE } },
    ]);
    const lastFor = async (as: typeof buyer) =>
      (await office.api.call('GET', `/orders/${orderId}/timeline`, { as })).body.data.at(-1);
    expect(await lastFor(organizer)).toEqual(answer.body);
    expect(await lastFor(buyer)).toEqual({ ...answer.body, detail: {} });
  });

  it('is for organizers of the event: not for the buyer, a scanner or anybody else', async () => {
    const orderId = await confirmed();
    const { buyer, other, scanner } = office.people;
    expect((await resend(orderId, buyer)).status).toBe(403);
    expect((await resend(orderId, other)).status).toBe(404);
    expect((await resend(orderId, scanner)).status).toBe(404);
    expect(await wanted(orderId)).toEqual([]);
  });

  it('is refused while there is no such ticket', async () => {
    const pending = (await office.place()).body.id;
    expect(await resend(pending)).toMatchObject({ status: 409, body: { code: 'nothing-to-resend' } });
    const refunded = await confirmed();
    await office.api.call('POST', `/orders/${refunded}/refund`, { as: office.people.buyer });
    expect(await resend(refunded)).toMatchObject({ status: 409, body: { code: 'nothing-to-resend' } });
  });

  it('is refused while its tickets are frozen, and says so', async () => {
    const paymentId = uuid();
    const orderId = await confirmed(1, paymentId);
    const dispute = { orderId, paymentId, disputeId: uuid() };
    await office.hear(() =>
      office.disputed({ ...dispute, amount: { amount: PRICE, currency: 'EUR' }, reason: 'fraudulent' }),
    );
    expect(await resend(orderId)).toMatchObject({
      status: 409,
      body: { code: 'nothing-to-resend', detail: expect.stringContaining('frozen while its payment is disputed') },
    });
  });

  it('is done three times an hour at most, and says when the next is possible', async () => {
    const orderId = await confirmed();
    for (let time = 0; time < 3; time += 1) expect((await resend(orderId)).status).toBe(202);
    const refused = await resend(orderId);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(await wanted(orderId)).toHaveLength(3);
    await office.api.db.asOwner(`update order_steps set at = at - interval '1 hour' where order_id = $1`, [orderId]);
    expect((await resend(orderId)).status).toBe(202);
  });

  it('is done three times at most also when all ask at once', async () => {
    const orderId = await confirmed();
    const answers = await Promise.all(Array.from({ length: 6 }, () => resend(orderId)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(await wanted(orderId)).toHaveLength(3);
  });

  it('with one Idempotency-Key is one mail', async () => {
    const orderId = await confirmed();
    const key = { 'idempotency-key': 'resend-1' };
    const first = await resend(orderId, undefined, key);
    const again = await resend(orderId, undefined, key);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await wanted(orderId)).toHaveLength(1);
  });
});
