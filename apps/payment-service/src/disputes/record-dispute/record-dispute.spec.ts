import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { onProviderBalance, RefundDesk } from '../../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

let count = 0;
/** What Stripe says of one dispute of the whole payment, as it goes on. */
function disputeOf(paymentIntent: string, amount = 9000) {
  const id = `du_spec${++count}`;
  return (type: string, status: string, changes: object = {}) => ({
    id: `evt_dispute${++count}`,
    object: 'event',
    type: `charge.dispute.${type}`,
    livemode: false,
    data: {
      object: {
        id,
        object: 'dispute',
        amount,
        currency: 'eur',
        status,
        reason: 'fraudulent',
        payment_intent: paymentIntent,
        balance_transactions: [],
        ...changes,
      },
    },
  });
}

/** Each with 200. */
async function deliver(...events: object[]): Promise<void> {
  for (const event of events) expect((await platform.deliver(event)).status).toBe(200);
}

const told = (order: Order, what: 'disputed' | 'dispute-closed') =>
  platform.ticketApi.heardOf(order.orderId, `payment.${what}.v1`).map(({ data }) => data);
const disputesOf = (order: Order) =>
  platform.database.asOwner<{ status: string; amount: number }>('select * from disputes where order_id = $1', [
    order.orderId,
  ]);
const inBooks = async (order: Order) =>
  (await desk.transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
const eventStatus = async (id: string) =>
  (
    await platform.database.asOwner<{ status: string }>('select status from webhook_events where event_id = $1', [id])
  )[0]?.status;

describe('hard case 13: a dispute', () => {
  it('is kept once and told once, with the money that the bank took away in the books, also when its events repeat', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    await deliver(
      says('created', 'needs_response'),
      says('funds_withdrawn', 'needs_response'),
      says('funds_withdrawn', 'needs_response'),
      says('created', 'needs_response'),
      says('updated', 'under_review', { balance_transactions: [{ amount: -9000 }] }),
    );
    const disputed = { orderId: order.orderId, paymentId, amount: order.total, reason: 'fraudulent' };
    await eventually(() => expect(told(order, 'disputed')).toMatchObject([disputed]));
    await settle();
    expect(told(order, 'disputed')).toHaveLength(1);
    expect(await disputesOf(order)).toMatchObject([{ status: 'open', withdrawn: true, reinstated: false }]);
    expect(await inBooks(order)).toBe(0);
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/payments_disputed_total\{[^}]*\} [1-9]/);
  });

  it('that is won is told and brings its money back, once, in whatever order its events come', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    await deliver(
      says('funds_reinstated', 'won'),
      says('closed', 'won'),
      says('updated', 'under_review'),
      says('funds_withdrawn', 'needs_response'),
      says('funds_reinstated', 'won'),
      says('created', 'needs_response'),
    );
    const won = { orderId: order.orderId, paymentId, outcome: 'won' };
    await eventually(() => expect(told(order, 'dispute-closed')).toMatchObject([won]));
    await settle();
    expect(told(order, 'dispute-closed')).toHaveLength(1);
    expect(told(order, 'disputed')).toEqual([]);
    expect(await disputesOf(order)).toMatchObject([{ status: 'won', withdrawn: true, reinstated: true }]);
    expect((await desk.transfersOf(order)).map(({ what, amount }) => [what, amount])).toEqual([
      ['payment', 9000],
      ['dispute-reinstated', 9000],
      ['dispute-withdrawn', 9000],
    ]);
    expect(await inBooks(order)).toBe(9000);
  });

  it('that is lost is told, and its money stays with the payer', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    await deliver(
      says('created', 'needs_response', { balance_transactions: [{ amount: -9000 }] }),
      says('closed', 'lost'),
    );
    await eventually(() => expect(told(order, 'dispute-closed')).toMatchObject([{ outcome: 'lost' }]));
    expect(await inBooks(order)).toBe(0);
  });

  it('that is only an inquiry takes no money and is told to nobody, until the bank goes on', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    await deliver(says('created', 'warning_needs_response'), says('closed', 'warning_closed'));
    expect(await disputesOf(order)).toMatchObject([{ status: 'inquiry-closed' }]);
    await settle();
    expect(told(order, 'disputed')).toEqual([]);
    await deliver(says('updated', 'needs_response'));
    await eventually(() => expect(told(order, 'disputed')).toHaveLength(1));
  });

  it('of part of a payment moves that part', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent, 2500);
    await deliver(says('funds_withdrawn', 'needs_response'));
    expect(await inBooks(order)).toBe(6500);
  });

  it('whose amount changes before its money moves is kept and booked as it moved', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    const less = { amount: 2500 };
    await deliver(says('created', 'warning_needs_response'), says('funds_withdrawn', 'needs_response', less));
    expect(await disputesOf(order)).toMatchObject([{ amount: 2500, withdrawn: true }]);
    expect(await inBooks(order)).toBe(6500);
    await deliver(says('funds_reinstated', 'won', less));
    expect(await inBooks(order)).toBe(9000);
  });

  it('of a payment that is not known yet waits for it', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    const hide = 'update payments set payment_intent = $2 where id = $1';
    await platform.database.asOwner(hide, [paymentId, null]);
    const created = disputeOf(paymentIntent)('created', 'needs_response');
    await deliver(created);
    expect(await eventStatus(created.id)).toBe('waiting');
    await platform.database.asOwner(hide, [paymentId, paymentIntent]);
    await eventually(() => expect(told(order, 'disputed')).toHaveLength(1), 15_000);
    expect(await eventStatus(created.id)).toBe('handled');
  });

  it('of a payment whose money we have not heard of yet waits for that', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const paymentIntent = `pi_unheard${++count}`;
    await platform.database.asOwner('update payments set payment_intent = $2 where order_id = $1', [
      order.orderId,
      paymentIntent,
    ]);
    const created = disputeOf(paymentIntent)('created', 'needs_response');
    await deliver(created);
    expect(await eventStatus(created.id)).toBe('waiting');
    expect(await disputesOf(order)).toEqual([]);
    expect(told(order, 'disputed')).toEqual([]);
  });

  it('in a state that we do not know is kept for a person', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const odd = disputeOf(paymentIntent)('updated', 'something_new');
    await deliver(odd);
    expect(await eventStatus(odd.id)).toBe('unmatched');
    expect(await disputesOf(order)).toEqual([]);
  });
});

describe('money that is disputed', () => {
  it('is not given back as a refund as well, while the dispute is open and after it is lost; after it is won it is', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const says = disputeOf(paymentIntent);
    await deliver(says('created', 'needs_response'));
    const refused = (refundId: string) =>
      eventually(() =>
        expect(desk.told(order, 'refund-failed')).toContainEqual(
          expect.objectContaining({ refundId, reason: 'the payment is disputed' }),
        ),
      );
    await refused(await desk.ask(order, 4500));
    await deliver(says('closed', 'lost'));
    await refused(await desk.ask(order, 4500));
    await deliver(says('closed', 'won'));
    await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });

  it('is not given back by a refund that was on its way when the dispute came', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.stripeApi.traffic = () => 'away';
    const refundId = await desk.ask(order, 4500, uuid());
    const asked = () =>
      platform.stripeApi
        .to('POST', '/v1/refunds')
        .filter(({ headers }) => headers['idempotency-key'] === `refund:${refundId}`);
    // Once, and once more by the client library.
    await eventually(() => expect(asked()).toHaveLength(2));
    await settle();
    await deliver(disputeOf(paymentIntent)('created', 'needs_response'));
    await platform.providerAnswers();
    await desk.due(refundId);
    await eventually(() =>
      expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId, reason: 'payment-disputed' }]),
    );
    expect(await desk.atProvider(paymentIntent)).toEqual([]);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 0 }]);
  });
});
