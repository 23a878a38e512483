import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../cancel-event/end-orders-of-cancelled-events.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

interface Dispute {
  disputeId: string;
  orderId: string;
  paymentId: string;
}

const opened = (dispute: Dispute) =>
  office.hear(() => office.disputed({ ...dispute, amount: money(PRICE), reason: 'fraudulent' }));
const closed = (dispute: Dispute, outcome: 'won' | 'lost') =>
  office.hear(() => office.disputeClosed({ ...dispute, outcome }));
const statuses = async (orderId: string) =>
  (await office.read(orderId)).tickets.map(({ status }: { status: string }) => status);

/** An order, not paid yet, and a dispute of the payment that is going to buy it. */
async function placed(quantity = 2): Promise<Dispute> {
  return { disputeId: uuid(), orderId: (await office.place(quantity)).body.id, paymentId: uuid() };
}

async function bought(quantity = 2): Promise<Dispute> {
  const dispute = await placed(quantity);
  await office.hear(() => office.paid(dispute.orderId, dispute.paymentId, quantity * PRICE));
  return dispute;
}

describe('hard case 13: a disputed payment', () => {
  it('freezes the tickets that it bought but not those that were used, and nothing is resold', async () => {
    const dispute = await bought(3);
    const [{ id }] = (await office.read(dispute.orderId)).tickets;
    const enter = `update tickets set status = 'checked_in', checked_in_at = now() where id = $1`;
    await office.api.db.asOwner(enter, [id]);
    await opened(dispute);
    await opened(dispute);
    expect(await statuses(dispute.orderId)).toEqual(['checked_in', 'frozen', 'frozen']);
    expect(await office.read(dispute.orderId)).toMatchObject({ status: 'confirmed', refundPending: money(0) });
    expect(await office.taken()).toBe('3');
    await office.invariants();
  });

  it('is not refunded as well: a clear 409 to the buyer and to the organizer, for all tickets or for one', async () => {
    const dispute = await bought(2);
    await opened(dispute);
    const [{ id }] = (await office.read(dispute.orderId)).tickets;
    const { buyer, organizer } = office.people;
    for (const as of [buyer, organizer])
      for (const body of [{}, { ticketIds: [id] }])
        expect(await office.api.call('POST', `/orders/${dispute.orderId}/refund`, { as, body })).toMatchObject({
          status: 409,
          body: { code: 'ticket-frozen' },
        });
    expect(await office.api.call('DELETE', `/tickets/${id}`, { as: buyer })).toMatchObject({
      status: 409,
      body: { code: 'ticket-frozen' },
    });
    expect(await office.told('order.refund-requested.v1', dispute.orderId)).toEqual([]);
  });

  it('that is won makes the tickets valid again; one that is lost leaves them frozen', async () => {
    const [won, lost] = [await bought(), await bought()];
    await opened(won);
    await opened(lost);
    await closed(won, 'won');
    await closed(lost, 'lost');
    expect(await statuses(won.orderId)).toEqual(['valid', 'valid']);
    expect(await statuses(lost.orderId)).toEqual(['frozen', 'frozen']);
    await office.invariants();
  });

  it('that is lost and then won by an appeal makes them valid; a late word of before changes nothing', async () => {
    const dispute = await bought();
    await closed(dispute, 'lost');
    expect(await statuses(dispute.orderId)).toEqual(['frozen', 'frozen']);
    await closed(dispute, 'won');
    await closed(dispute, 'lost');
    await opened(dispute);
    expect(await statuses(dispute.orderId)).toEqual(['valid', 'valid']);
  });

  it('keeps the tickets frozen while a second dispute of it is open', async () => {
    const dispute = await bought();
    await opened(dispute);
    await opened({ ...dispute, disputeId: uuid() });
    await closed(dispute, 'won');
    expect(await statuses(dispute.orderId)).toEqual(['frozen', 'frozen']);
  });

  it('that is told before the payment itself freezes the tickets when they are issued', async () => {
    const [dispute, other] = [await placed(), await placed()];
    await opened(dispute);
    await opened(other);
    await closed(other, 'won');
    for (const { orderId, paymentId } of [dispute, other])
      await office.hear(() => office.paid(orderId, paymentId, 2 * PRICE));
    expect(await statuses(dispute.orderId)).toEqual(['frozen', 'frozen']);
    expect(await statuses(other.orderId)).toEqual(['valid', 'valid']);
    await office.invariants();
  });

  it('that bought nothing freezes nothing', async () => {
    const dispute = await bought();
    await opened({ ...dispute, paymentId: uuid() });
    expect(await statuses(dispute.orderId)).toEqual(['valid', 'valid']);
    const placedOnly = await placed();
    await opened(placedOnly);
    await office.hear(() => office.paid(placedOnly.orderId, uuid(), 2 * PRICE));
    expect(await statuses(placedOnly.orderId)).toEqual(['valid', 'valid']);
  });

  it('of an event that is cancelled meanwhile is given back only when it is won, once', async () => {
    const [won, lost] = [await bought(2), await bought(1)];
    await opened(won);
    await opened(lost);
    await office.api.db.asOwner(`update events set status = 'cancelled' where id = $1`, [office.eventId]);
    await office.get(EndOrdersOfCancelledEvents).look();
    expect(await office.read(won.orderId)).toMatchObject({
      status: 'refunded',
      refundPending: money(0),
      tickets: [{ status: 'void' }, { status: 'void' }],
    });
    expect(await office.taken()).toBe('0');
    await office.invariants();
    await closed(won, 'won');
    await closed(won, 'won');
    await closed(lost, 'lost');
    expect(await office.read(won.orderId)).toMatchObject({ refundPending: money(2 * PRICE) });
    expect(await office.read(lost.orderId)).toMatchObject({ refundPending: money(0) });
    expect(await office.told('order.refund-requested.v1', won.orderId)).toMatchObject([{ amount: money(2 * PRICE) }]);
    expect(await office.told('order.refund-requested.v1', lost.orderId)).toEqual([]);
  });

  it('that the provider has paid back in full leaves no ticket behind, frozen or not', async () => {
    const { orderId, paymentId, ...dispute } = await bought();
    await opened({ orderId, paymentId, ...dispute });
    const refund = { orderId, paymentId, refundId: uuid(), amount: money(2 * PRICE) };
    await office.hear(() => office.refunded(refund));
    await closed({ orderId, paymentId, ...dispute }, 'won');
    expect(await office.read(orderId)).toMatchObject({
      status: 'refunded',
      tickets: [{ status: 'void' }, { status: 'void' }],
    });
    await office.invariants();
  });
});
