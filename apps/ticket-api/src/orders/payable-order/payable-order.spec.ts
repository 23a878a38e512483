import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('what is owed', () => {
  it('hard case 41: payment-service can ask what is owed before any message reached it', async () => {
    const { body } = await office.place(2);
    const payable = await office.api.callInternally(`/internal/orders/${body.id}/payable`, 'payment-service');
    expect(payable).toMatchObject({
      status: 200,
      body: { tenantId: office.tenantId, status: 'pending', order: { orderId: body.id, total: money(2 * PRICE) } },
    });
    expect((await office.api.callInternally(`/internal/orders/${uuid()}/payable`, 'payment-service')).status).toBe(404);
    await office.age(body.id, 1);
    expect(
      (await office.api.callInternally(`/internal/orders/${body.id}/payable`, 'payment-service')).body.status,
    ).toBe('expired');
  });
});
