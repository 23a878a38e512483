import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { meanwhile } from '../../testing/meanwhile.js';
import { untilWaiting } from '../../testing/until-waiting.js';
import { OnPaymentEnded } from '../on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from '../on-payment-opened/on-payment-opened.js';
import { BoxOffice } from '../testing/box-office.js';
import { ExpireOrders } from './expire-orders.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());
afterEach(() => void jest.useRealTimers());

const HOUR = 3_600_000;
/** Only what time it is: whoever waits goes on waiting. */
const TIMERS = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const),
];
const clockIsOff = (milliseconds: number) =>
  jest.useFakeTimers({ now: Date.now() + milliseconds, doNotFake: [...TIMERS] });

describe('the end of holds', () => {
  it('hard case 7: an open checkout session gives the hold its grace: it ends 20 s later, or on the word of the payment', async () => {
    const [waiting, over] = [(await office.place()).body.id, (await office.place()).body.id];
    for (const orderId of [waiting, over])
      await office.hear(() => office.get(OnPaymentOpened).handle(office.group({ orderId, paymentId: uuid() })));
    await office.age(waiting, 10);
    await office.age(over, 21);
    await office.get(ExpireOrders).look();
    expect((await office.read(waiting)).status).toBe('pending');
    expect((await office.read(over)).status).toBe('expired');
    await office.hear(() => office.get(OnPaymentEnded).expired(office.group({ orderId: waiting, paymentId: uuid() })));
    expect(await office.read(waiting)).toMatchObject({ status: 'expired', reason: 'hold-expired' });
    await office.invariants();
  });

  it.each([
    ['ahead', 2 * HOUR],
    ['behind', -2 * HOUR],
  ])("hard case 21: a process whose clock is hours %s ends no hold but by the database's", async (_, offset) => {
    clockIsOff(offset);
    const [held, over] = [(await office.place()).body.id, (await office.place()).body.id];
    const [left] = await office.api.db.asOwner<{ seconds: number }>(
      'select extract(epoch from expires_at - now())::int as seconds from orders where id = $1',
      [held],
    );
    expect(left!.seconds).toBeGreaterThan(800);
    expect(left!.seconds).toBeLessThanOrEqual(900);
    await office.age(over, 1);
    await office.get(ExpireOrders).look();
    expect([(await office.read(held)).status, (await office.read(over)).status]).toEqual(['pending', 'expired']);
    await office.hear(() => office.paid(held));
    expect((await office.read(held)).status).toBe('confirmed');
    await office.invariants();
  });

  it('a hold that cannot be ended does not keep the others waiting', async () => {
    const [broken, sound] = [(await office.place()).body.id, (await office.place()).body.id];
    await office.age(broken, 9);
    await office.age(sound, 1);
    // Its stock would fall below zero, which the counter refuses.
    await office.api.db.asOwner('update order_items set quantity = 1000 where order_id = $1', [broken]);
    await office.get(ExpireOrders).look();
    expect([(await office.read(broken)).status, (await office.read(sound)).status]).toEqual(['pending', 'expired']);
    await office.api.db.asOwner('update order_items set quantity = 1 where order_id = $1', [broken]);
    await office.get(ExpireOrders).look();
    await office.invariants();
  });

  it('a hold that is prolonged while the timer waits for it goes on', async () => {
    const { id } = (await office.place()).body;
    await office.age(id, 1);
    const prolong = `update orders set expires_at = now() + interval '1 hour' where id = $1`;
    await meanwhile(office.api.db, [[prolong, [id]]], async (other) => {
      const looking = office.get(ExpireOrders).look();
      await untilWaiting(office.api.db, 1);
      await other.query('commit');
      await looking;
    });
    expect((await office.read(id)).status).toBe('pending');
    await office.invariants();
  });

  it('a hold that is bought while the timer waits for it is left alone, and no fault', async () => {
    const { id } = (await office.place()).body;
    await office.age(id, 1);
    const faults = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const confirm = `update orders set status = 'confirmed', confirmed_how = 'free' where id = $1`;
    await meanwhile(office.api.db, [[confirm, [id]]], async (other) => {
      const looking = office.get(ExpireOrders).look();
      await untilWaiting(office.api.db, 1);
      await other.query('commit');
      await looking;
    });
    expect((await office.read(id)).status).toBe('confirmed');
    expect(faults).not.toHaveBeenCalled();
    faults.mockRestore();
  });

  it('the timer and the payment both want the order: one of them wins, and it adds up', async () => {
    const ids = await Promise.all([office.place(), office.place(), office.place()]).then((answers) =>
      answers.map(({ body }) => body.id as string),
    );
    for (const id of ids) await office.age(id, 1);
    await Promise.all([office.get(ExpireOrders).look(), ...ids.map((id) => office.hear(() => office.paid(id)))]);
    for (const id of ids) expect((await office.read(id)).status).toBe('confirmed');
    await office.invariants();
  });
});
