import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { OrderStore } from './order.store.js';
import { BoxOffice } from './testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const WRONG_STATE = 'not in the state';
const orders = () => office.get(OrderStore);
const cancelled = async (): Promise<string> => {
  const { id } = (await office.place()).body;
  await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer });
  return id;
};

describe('the statement that moves an order, whatever was read before,', () => {
  it('confirms none that has been cancelled, and nothing of its group', async () => {
    const [held, ended] = [(await office.place()).body.id, await cancelled()];
    const both = [held, ended].map((id) => ({ id, paymentId: uuid() }));
    await expect(office.hear(() => orders().confirmAll(both, 'paid'))).rejects.toThrow(WRONG_STATE);
    expect((await office.read(ended)).status).toBe('cancelled');
    expect((await office.read(held)).status).toBe('pending');
  });

  it('ends none from another state than it was in', async () => {
    const ended = [{ id: await cancelled(), reason: 'hold-expired' as const }];
    await expect(office.hear(() => orders().endAll(ended, 'pending', 'expired'))).rejects.toThrow(WRONG_STATE);
    expect((await office.read(ended[0]!.id)).status).toBe('cancelled');
  });
});
