import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { ExpireOrders } from '../expire-orders/expire-orders.js';
import { OnPaymentEnded } from '../on-payment-ended/on-payment-ended.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('money that came', () => {
  it('hard cases 1, 2 and 4: a payment told twice, or an end told after it, changes nothing', async () => {
    const { body } = await office.place(2);
    const paymentId = uuid();
    await office.hear(() => office.paid(body.id, paymentId, 2 * PRICE));
    await office.hear(() => office.paid(body.id, paymentId, 2 * PRICE));
    await office.hear(() => office.get(OnPaymentEnded).expired(office.group({ orderId: body.id, paymentId })));
    await office.hear(() => office.get(OnPaymentEnded).failed(office.group({ orderId: body.id, paymentId })));
    expect(await office.read(body.id)).toMatchObject({ status: 'confirmed', tickets: [{}, {}] });
    expect(await office.told('order.confirmed.v1', body.id)).toHaveLength(1);
    expect(await office.told('order.unfulfillable.v1', body.id)).toHaveLength(0);
    await office.invariants();
  });

  it('hard case 5: paid after the hold ended, stock free: taken again and confirmed', async () => {
    const { body } = await office.place(2);
    await office.age(body.id, 1);
    await office.get(ExpireOrders).look();
    expect(await office.read(body.id)).toMatchObject({ status: 'expired', reason: 'hold-expired' });
    expect(await office.taken()).toBe('0');
    await office.hear(() => office.paid(body.id, uuid(), 2 * PRICE));
    expect(await office.read(body.id)).toMatchObject({ status: 'confirmed', tickets: [{}, {}] });
    expect(await office.taken()).toBe('2');
    await office.invariants();
  });

  it('hard case 6: paid after the hold ended, stock gone: everything goes back, once, and nobody is oversold', async () => {
    const { body } = await office.place(6);
    await office.age(body.id, 1);
    await office.get(ExpireOrders).look();
    await office.place(6, office.people.other);
    const paymentId = uuid();
    await office.hear(() => office.paid(body.id, paymentId, 6 * PRICE));
    await office.hear(() => office.paid(body.id, paymentId, 6 * PRICE));
    const [refund, ...others] = await office.told('order.unfulfillable.v1', body.id);
    expect(others).toEqual([]);
    expect(refund).toMatchObject({ paymentId, amount: money(6 * PRICE), reason: 'sold-out' });
    expect(await office.read(body.id)).toMatchObject({
      status: 'expired',
      refundPending: money(6 * PRICE),
      tickets: [],
    });
    await office.hear(() =>
      office.refunded({ orderId: body.id, paymentId, refundId: refund.refundId, amount: money(6 * PRICE) }),
    );
    await office.hear(() =>
      office.refunded({ orderId: body.id, paymentId, refundId: refund.refundId, amount: money(6 * PRICE) }),
    );
    expect(await office.read(body.id)).toMatchObject({
      status: 'expired',
      refunded: money(6 * PRICE),
      refundPending: money(0),
    });
    await office.invariants();
  });

  it('hard cases 8, 14 and 42: money that buys nothing goes back and the order stays as it is', async () => {
    const [cancelled, twice, desk] = [
      (await office.place()).body.id,
      (await office.place()).body.id,
      (await office.place()).body.id,
    ];
    await office.api.call('POST', `/orders/${cancelled}/cancel`, { as: office.people.buyer });
    await office.api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: office.people.organizer });
    await office.hear(() => office.paid(twice));
    for (const id of [cancelled, twice, desk]) await office.hear(() => office.paid(id));
    expect((await office.told('order.unfulfillable.v1', cancelled))[0]).toMatchObject({ reason: 'order-cancelled' });
    for (const id of [twice, desk])
      expect((await office.told('order.unfulfillable.v1', id))[0]).toMatchObject({ reason: 'paid-twice' });
    expect(await office.read(cancelled)).toMatchObject({ status: 'cancelled', reason: 'buyer' });
    expect(await office.read(desk)).toMatchObject({ status: 'confirmed', tickets: [{}] });
    await office.invariants();
  });

  it('hard case 26: a hold of an event that was cancelled meanwhile ends, and its money goes back', async () => {
    const { body } = await office.place(2);
    await office.api.db.asOwner(`update events set status = 'cancelled' where id = $1`, [office.eventId]);
    await office.hear(() => office.paid(body.id, uuid(), 2 * PRICE));
    expect(await office.read(body.id)).toMatchObject({ status: 'cancelled', reason: 'event-cancelled', tickets: [] });
    expect(await office.told('order.unfulfillable.v1', body.id)).toMatchObject([{ amount: money(2 * PRICE) }]);
    expect(await office.taken()).toBe('0');
  });

  it('a payment of an order that is not known is tried again, and in the end seen by somebody', async () => {
    await expect(office.hear(() => office.paid(uuid()))).rejects.toThrow('is not known here');
  });

  it('a payment of another amount or currency buys nothing', async () => {
    const { body } = await office.place();
    await office.hear(() => office.paid(body.id, uuid(), PRICE - 1));
    expect((await office.told('order.unfulfillable.v1', body.id))[0]).toMatchObject({
      reason: 'amount-mismatch',
      amount: money(PRICE - 1),
    });
    expect(await office.read(body.id)).toMatchObject({ status: 'pending', tickets: [] });
  });
});
