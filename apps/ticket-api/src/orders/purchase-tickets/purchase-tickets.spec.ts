import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const purchase = (orderId: string, as = office.people.buyer) =>
  office.api.call('POST', '/tickets/purchase', { as, body: { orderId } });

describe('a hold that was made before', () => {
  it('is paid for while it runs, and not after its end, though nobody has ended it yet', async () => {
    const { id, checkoutUrl } = (await office.place()).body;
    expect(await purchase(id)).toMatchObject({ status: 201, body: { id, checkoutUrl } });
    await office.age(id, 1);
    expect(await purchase(id)).toMatchObject({ status: 409, body: { code: 'order-ended' } });
  });

  it('is not paid for once its order has ended, though its time has not', async () => {
    const { id } = (await office.place()).body;
    await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer });
    expect(await purchase(id)).toMatchObject({ status: 409, body: { code: 'order-ended' } });
  });

  it("is nobody else's to pay for, not the organizer's either", async () => {
    const { id } = (await office.place()).body;
    expect(await purchase(id, office.people.other)).toMatchObject({ status: 404 });
    expect(await purchase(id, office.people.organizer)).toMatchObject({ status: 404 });
  });
});
