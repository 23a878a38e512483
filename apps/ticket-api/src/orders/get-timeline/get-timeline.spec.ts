import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataOf, Envelope, paymentRefundTakenUp } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { addTicketType } from '../../testing/seed.js';
import { OnMailProgress } from '../on-mail-progress/on-mail-progress.js';
import { OnPaymentEnded } from '../on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from '../on-payment-opened/on-payment-opened.js';
import { OnPaymentRefunded } from '../on-payment-refunded/on-payment-refunded.js';
import { OnPaymentSucceeded } from '../on-payment-succeeded/on-payment-succeeded.js';
import { OnPaymentUnavailable } from '../on-payment-unavailable/on-payment-unavailable.js';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

interface Step {
  at: string;
  step: string;
  service: string;
  detail: any;
}
const timeline = async (orderId: string, as = office.people.buyer): Promise<Step[]> =>
  (await office.api.call('GET', `/orders/${orderId}/timeline`, { as })).body.data;
const stepsOf = async (orderId: string) => (await timeline(orderId)).map(({ step }) => step);

/** A message that was told before its transaction here begins. */
async function hear<Data>(data: Data, handle: (messages: Envelope<Data>[]) => Promise<void>): Promise<Envelope<Data>> {
  const messages = office.group(data);
  await office.hear(() => handle(messages));
  return messages[0]!;
}
const paid = (orderId: string, paymentId: string, amount = PRICE) =>
  hear({ orderId, paymentId, amount: money(amount) }, (all) => office.get(OnPaymentSucceeded).handle(all));
const mail = (orderId: string) => ({
  orderId,
  mailId: uuid(),
  kind: 'order-confirmed',
  recipient: office.people.buyer.email,
});

describe('the timeline of an order', () => {
  it('tells a purchase from the hold to the gate, with the times of the services where it happened', async () => {
    const { id: orderId, total } = (await office.place(2)).body;
    const [paymentId, sent] = [uuid(), mail(orderId)];
    const opened = await hear({ orderId, paymentId }, (all) => office.get(OnPaymentOpened).handle(all));
    await paid(orderId, paymentId, 2 * PRICE);
    await hear(sent, (all) => office.get(OnMailProgress).queued(all));
    await hear(sent, (all) => office.get(OnMailProgress).sent(all));
    const { tickets } = await office.read(orderId);
    const admit = `update tickets set status = 'checked_in', checked_in_at = now(), gate = 'North' where id = $1`;
    await office.api.db.asOwner(admit, [tickets[1].id]);

    const steps = await timeline(orderId);
    expect(steps).toMatchObject([
      { step: 'order-placed', service: 'ticket-api', detail: { total } },
      { step: 'checkout-opened', service: 'payment-service', at: opened.occurredAt, detail: { paymentId } },
      { step: 'payment-succeeded', service: 'payment-service', detail: { paymentId, amount: money(2 * PRICE) } },
      { step: 'order-confirmed', service: 'ticket-api', detail: { how: 'paid' } },
      { step: 'tickets-issued', service: 'ticket-api', detail: { count: 2 } },
      {
        step: 'mail-queued',
        service: 'notification-service',
        detail: { mailId: sent.mailId, recipient: sent.recipient },
      },
      { step: 'mail-sent', service: 'notification-service' },
      { step: 'ticket-checked-in', service: 'ticket-api', detail: { ticketId: tickets[1].id, gate: 'North' } },
    ]);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort());
  });

  it('tells a refund from the wish to the money', async () => {
    const { id: orderId } = (await office.place()).body;
    const paymentId = uuid();
    await paid(orderId, paymentId);
    await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
    const [{ refundId }] = await office.told('order.refund-requested.v1', orderId);
    const facts = { orderId, paymentId, refundId, amount: money(PRICE) };
    await office.hear(() => office.refunded(facts));
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed' }));
    expect((await timeline(orderId)).slice(-4)).toMatchObject([
      { step: 'refund-requested', detail: { refundId, amount: money(PRICE), reason: 'refund' } },
      { step: 'order-refunded', service: 'ticket-api', detail: { reason: 'refund' } },
      { step: 'refund-succeeded', service: 'payment-service', detail: { refundId, amount: money(PRICE) } },
      { step: 'refund-failed', service: 'payment-service', detail: { refundId, reason: 'account closed' } },
    ]);
  });

  it('tells that a failed refund was taken up: the staff also by whom and with which note', async () => {
    const { id: orderId } = (await office.place()).body;
    const refundId = uuid();
    const by = { id: office.people.organizer.userId, name: 'Olga', role: 'organizer' };
    const takenUp = { orderId, refundId, amount: money(PRICE), by };
    const hearOf = (data: DataOf<typeof paymentRefundTakenUp>) => {
      const [message] = office.group(data);
      return office.hear(() => office.get(OnPaymentRefunded).takenUp(data, message!));
    };
    await hearOf({ ...takenUp, how: 'retried' });
    await hearOf({ ...takenUp, how: 'settled', note: 'Cash', providerRefunds: [] });
    const seenBy = async (as: typeof office.people.buyer) => (await timeline(orderId, as)).slice(-2);
    expect(await seenBy(office.people.organizer)).toMatchObject([
      { step: 'refund-retried', service: 'payment-service', detail: { refundId, by } },
      { step: 'refund-settled', service: 'payment-service', detail: { refundId, by, note: 'Cash' } },
    ]);
    for (const { step, detail } of await seenBy(office.people.buyer)) {
      expect(step).toMatch(/^refund-(retried|settled)$/);
      expect(Object.keys(detail)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(by|note)$/)]));
    }
  });

  it('a refund that was made at the provider was asked for by nobody here', async () => {
    const { id: orderId } = (await office.place()).body;
    const paymentId = uuid();
    await paid(orderId, paymentId);
    await office.hear(() => office.refunded({ orderId, paymentId, refundId: uuid(), amount: money(PRICE) }));
    const steps = await stepsOf(orderId);
    expect(steps).toEqual(expect.arrayContaining(['refund-succeeded', 'order-refunded']));
    expect(steps).not.toContain('refund-requested');
  });

  it('tells a dispute from its beginning to its end', async () => {
    const { id: orderId } = (await office.place()).body;
    const dispute = { orderId, paymentId: uuid(), disputeId: uuid() };
    await paid(orderId, dispute.paymentId);
    await office.hear(() => office.disputed({ ...dispute, amount: money(PRICE), reason: 'fraudulent' }));
    await office.hear(() => office.disputeClosed({ ...dispute, outcome: 'won' }));
    expect((await timeline(orderId)).slice(-2)).toMatchObject([
      { step: 'payment-disputed', service: 'payment-service', detail: { reason: 'fraudulent', amount: money(PRICE) } },
      { step: 'dispute-closed', service: 'payment-service', detail: { outcome: 'won' } },
    ]);
  });

  it('tells that a hold was prolonged, and why', async () => {
    const { id: orderId } = (await office.place()).body;
    await hear({ orderId }, (all) => office.get(OnPaymentUnavailable).handle(all));
    expect(await timeline(orderId)).toMatchObject([
      { step: 'order-placed' },
      { step: 'hold-prolonged', service: 'ticket-api', detail: { reason: 'payment-unavailable' } },
    ]);
  });

  it('tells why a hold ended, and that late money confirmed it after all', async () => {
    const { id: orderId } = (await office.place()).body;
    const paymentId = uuid();
    await hear({ orderId, paymentId }, (all) => office.get(OnPaymentEnded).failed(all));
    await paid(orderId, paymentId);
    const steps = await timeline(orderId);
    expect(steps.map(({ step }) => step)).toEqual([
      ...['order-placed', 'payment-failed', 'order-expired'],
      ...['payment-succeeded', 'order-confirmed', 'tickets-issued'],
    ]);
    expect(steps[2]!.detail).toEqual({ reason: 'payment-failed' });

    const other = (await office.place()).body.id;
    await office.api.call('POST', `/orders/${other}/cancel`, { as: office.people.buyer });
    expect(await timeline(other)).toMatchObject([
      { step: 'order-placed' },
      { step: 'order-cancelled', detail: { reason: 'buyer' } },
    ]);
  });

  it('has one step for a message that comes twice, also when the inbox has forgotten it', async () => {
    const { id: orderId } = (await office.place()).body;
    const messages = office.group(mail(orderId));
    for (let time = 0; time < 2; time += 1)
      await office.hear(() => office.get(OnMailProgress).failed(asFailed(messages)));
    expect(await stepsOf(orderId)).toEqual(['order-placed', 'mail-failed']);
  });

  it('costs nothing when an order is placed, whether it is paid later or costs nothing', async () => {
    const free = await addTicketType(office.api.db, office);
    await office.api.db.asOwner('update ticket_types set price = 0 where id = $1', [free.typeId]);
    const items = [{ ticketTypeId: free.typeId, quantity: 1 }];
    const body = { eventId: office.eventId, items };
    const confirmed = (await office.api.call('POST', '/orders', { as: office.people.other, body })).body;
    const pending = (await office.place()).body;
    const written = await office.api.db.asOwner('select from order_steps where order_id = any($1)', [
      [confirmed.id, pending.id],
    ]);
    expect(written).toEqual([]);
    const steps = await timeline(confirmed.id, office.people.other);
    expect(steps).toMatchObject([
      { step: 'order-placed' },
      { step: 'order-confirmed', detail: { how: 'free' } },
      { step: 'tickets-issued', detail: { count: 1 } },
    ]);
  });
});

describe('who may see a timeline', () => {
  it('is the buyer and the organizer, whom the address of the mail is shown in part', async () => {
    const { id: orderId } = (await office.place()).body;
    const { buyer, organizer, other, scanner } = office.people;
    await hear(mail(orderId), (all) => office.get(OnMailProgress).sent(all));
    const recipientFor = async (as: typeof buyer) => (await timeline(orderId, as)).at(-1)!.detail.recipient;
    expect(await recipientFor(buyer)).toBe(buyer.email);
    expect(await recipientFor(organizer)).toBe(`${buyer.email[0]}***@example.org`);
    for (const as of [other, scanner])
      expect((await office.api.call('GET', `/orders/${orderId}/timeline`, { as })).status).toBe(404);
  });
});

const asFailed = <Data>(messages: Envelope<Data>[]) =>
  messages.map((message) => ({ ...message, data: { ...message.data, reason: 'refused' } }));
