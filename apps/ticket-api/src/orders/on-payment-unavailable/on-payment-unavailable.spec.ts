import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExpireOrders } from '../expire-orders/expire-orders.js';
import { BoxOffice } from '../testing/box-office.js';
import { OnPaymentUnavailable } from './on-payment-unavailable.js';

const HOLD_SECONDS = 600;

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open({ holdSeconds: HOLD_SECONDS });
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const hear = (...orderIds: string[]) =>
  office.hear(() => office.get(OnPaymentUnavailable).handle(office.group(...orderIds.map((orderId) => ({ orderId })))));
const told = (orderId: string) => office.told('order.hold-prolonged.v1', orderId);
const endOf = async (orderId: string) => (await office.read(orderId)).expiresAt as string;
const later = (time: string, seconds: number) => new Date(Date.parse(time) + seconds * 1000).toISOString();
/** The hold ends in that many seconds. */
const leave = (orderId: string, seconds: number) => office.age(orderId, -seconds);
/** So many seconds of the hold go by. */
const pass = (orderId: string, seconds: number) =>
  office.api.db.asOwner('update orders set expires_at = expires_at - make_interval(secs => $2) where id = $1', [
    orderId,
    seconds,
  ]);

describe('hard case 31: a hold whose buyer could not pay', () => {
  it('lasts once more as long as a hold does; the order and payment-service are told the same end', async () => {
    const { id, expiresAt } = (await office.place()).body;
    await hear(id);
    const until = later(expiresAt, HOLD_SECONDS);
    expect(await office.read(id)).toMatchObject({ status: 'pending', expiresAt: until });
    expect(await told(id)).toEqual([{ orderId: id, expiresAt: until }]);
    expect(
      (await office.api.callInternally(`/internal/orders/${id}/payable`, 'payment-service')).body.order.expiresAt,
    ).toBe(until);
  });

  it('is prolonged once, however often, by however many and in whatever groups it is told', async () => {
    const { id, expiresAt } = (await office.place()).body;
    await Promise.all([hear(id), hear(id, id), hear(id)]);
    await hear(id);
    expect(await endOf(id)).toBe(later(expiresAt, HOLD_SECONDS));
    expect(await told(id)).toHaveLength(1);
  });

  it('keeps its stock until its new end, and not longer', async () => {
    const { id } = (await office.place(2)).body;
    await leave(id, 60);
    await hear(id);
    await pass(id, 61);
    await office.get(ExpireOrders).look();
    expect((await office.read(id)).status).toBe('pending');
    expect(await office.taken()).toBe('2');
    await office.age(id, 1);
    await office.get(ExpireOrders).look();
    expect(await office.read(id)).toMatchObject({ status: 'expired', reason: 'hold-expired' });
    expect(await office.taken()).toBe('0');
    await office.invariants();
  });

  it('is not prolonged after it has ended', async () => {
    const [over, expired, confirmed, cancelled] = await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const as = index % 2 === 0 ? office.people.buyer : office.people.other;
        return (await office.place(1, as)).body.id as string;
      }),
    );
    await office.age(expired!, 1);
    await office.get(ExpireOrders).look();
    await office.age(over!, 1);
    await office.hear(() => office.paid(confirmed!));
    await office.api.call('POST', `/orders/${cancelled}/cancel`, { as: office.people.other });
    await hear(over!, expired!, confirmed!, cancelled!);
    for (const id of [over!, expired!, confirmed!, cancelled!]) expect(await told(id)).toEqual([]);
    await office.get(ExpireOrders).look();
    expect((await office.read(over!)).status).toBe('expired');
    await office.invariants();
  });

  it('is not prolonged beyond the end of its event', async () => {
    const { id } = (await office.place()).body;
    const sql = `update events set starts_at = now() - interval '1 day', ends_at = now() + interval '700 seconds' where id = $1 returning ends_at`;
    const [event] = await office.api.db.asOwner<{ ends_at: Date }>(sql, [office.eventId]);
    await hear(id);
    expect(await endOf(id)).toBe(event!.ends_at.toISOString());
  });

  it('of another order is left alone, also in the same group', async () => {
    const [away, untouched] = [(await office.place()).body, (await office.place()).body];
    await hear(away.id);
    expect(await endOf(untouched.id)).toBe(untouched.expiresAt);
  });
});

it('no hold is prolonged by more than an hour', async () => {
  const patient = await BoxOffice.open({ holdSeconds: 86_400 });
  try {
    await patient.announce();
    const { id, expiresAt } = (await patient.place()).body;
    await patient.hear(() => patient.get(OnPaymentUnavailable).handle(patient.group({ orderId: id })));
    expect((await patient.read(id)).expiresAt).toBe(later(expiresAt, 3_600));
  } finally {
    await patient.close();
  }
});
