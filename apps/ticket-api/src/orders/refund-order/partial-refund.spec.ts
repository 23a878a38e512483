import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { addEvent, addTicketType } from '../../testing/seed.js';
import { OnPaymentSucceeded } from '../on-payment-succeeded/on-payment-succeeded.js';
import { BoxOffice } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());

/** A paid order of two lines: two tickets at the first price, three at the second. */
async function paidOrder(prices: readonly [number, number], currency: string) {
  const event = await addEvent(office.api.db, office.tenantId, { price: prices[0], currency });
  const second = await addTicketType(office.api.db, event, { price: prices[1], currency });
  Object.assign(office, event);
  const items = [
    { ticketTypeId: event.typeId, quantity: 2 },
    { ticketTypeId: second.typeId, quantity: 3 },
  ];
  const placed = await office.api.call('POST', '/orders', {
    as: office.people.buyer,
    body: { eventId: event.eventId, items },
  });
  expect(placed.status).toBe(201);
  const { id, total } = placed.body;
  const paymentId = uuid();
  await office.hear(() =>
    office.get(OnPaymentSucceeded).handle(office.group({ orderId: id, paymentId, amount: total })),
  );
  const { tickets } = await office.read(id);
  const ofType = (typeId: string): string[] =>
    tickets
      .filter(({ ticketTypeId }: { ticketTypeId: string }) => ticketTypeId === typeId)
      .map((ticket: { id: string }) => ticket.id);
  return { id, paymentId, total: total.amount, first: ofType(event.typeId), second: ofType(second.typeId) };
}

describe('hard case 11: tickets given back one by one', () => {
  it.each([
    ['EUR', [4500, 1250], 777],
    ['JPY', [500, 1333], 777],
    ['KWD', [5120, 10_500], 770],
  ] as const)(
    "%s: each at its line's price, and never more in all than was paid, with a refund at the provider in between",
    async (currency, prices, byHand) => {
      const money = (amount: number) => ({ amount, currency });
      const order = await paidOrder(prices, currency);
      const total = 2 * prices[0] + 3 * prices[1];
      expect(order.total).toBe(total);
      const refund = (body?: object) =>
        office.api.call('POST', `/orders/${order.id}/refund`, { as: office.people.buyer, body });
      const moved = (refundId: string, amount: { amount: number; currency: string }) =>
        office.hear(() => office.refunded({ orderId: order.id, paymentId: order.paymentId, refundId, amount }));

      const one = await office.api.call('DELETE', `/tickets/${order.first[0]}`, { as: office.people.buyer });
      expect(one).toMatchObject({ status: 202, body: { status: 'confirmed', refundPending: money(prices[0]) } });
      await moved(uuid(), money(byHand));
      const two = await refund({ ticketIds: order.second.slice(0, 2) });
      expect(two.body).toMatchObject({ refunded: money(byHand), refundPending: money(prices[0] + 2 * prices[1]) });
      await office.invariants();
      const again = await office.api.call('DELETE', `/tickets/${order.first[0]}`, { as: office.people.buyer });
      expect(again).toMatchObject({ status: 409, body: { code: 'nothing-to-refund' } });

      const rest = await refund();
      expect(rest.body).toMatchObject({ status: 'refunded', refundPending: money(total - byHand) });
      const requests = await office.told('order.refund-requested.v1', order.id);
      expect(requests.map(({ amount }) => amount)).toEqual([
        money(prices[0]),
        money(2 * prices[1]),
        money(prices[0] + prices[1] - byHand),
      ]);
      for (const { refundId, amount } of requests) await moved(refundId, amount);
      expect(await office.read(order.id)).toMatchObject({
        status: 'refunded',
        refunded: money(total),
        refundPending: money(0),
      });
      expect(await office.taken()).toBe('0');
      await office.invariants();
    },
  );

  it('what went back at the provider is more than is left of the order: the tickets go, and no money', async () => {
    const order = await paidOrder([1000, 2000], 'EUR');
    const amount = { amount: order.total - 500, currency: 'EUR' };
    const { id: orderId, paymentId } = order;
    await office.hear(() => office.refunded({ orderId, paymentId, refundId: uuid(), amount }));
    const one = await office.api.call('DELETE', `/tickets/${order.second[0]}`, { as: office.people.buyer });
    expect(one.body).toMatchObject({ refunded: amount, refundPending: { amount: 500 } });
    const rest = await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
    expect(rest.body).toMatchObject({ status: 'refunded', refunded: amount, refundPending: { amount: 500 } });
    expect(await office.told('order.refund-requested.v1', orderId)).toHaveLength(1);
    await office.invariants();
  });
});
