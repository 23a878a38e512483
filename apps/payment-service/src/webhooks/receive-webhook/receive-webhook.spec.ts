import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SecurityEvents } from '@app/observability';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, WEBHOOK_SECRETS, type Order } from '../../testing/payment-platform.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(() => {
  platform.webhooks.traffic = () => 'pass';
});

let count = 0;
const newEvent = (type: string, object: object, changes: object = {}) => ({
  id: `evt_spec${++count}`,
  object: 'event',
  type,
  livemode: false,
  created: Math.floor(Date.now() / 1000),
  api_version: '2026-10-28.endive',
  data: { object },
  ...changes,
});

/** The session of an order whose webhooks do not come by themselves; what Stripe would send about it. */
async function heldSession(order: Order, amount = 9000, currency = 'eur') {
  platform.webhooks.traffic = () => 'hold';
  await platform.checkout(order.orderId);
  const [payment] = await platform.payments(order.orderId);
  const session = {
    id: payment!.session_id,
    object: 'checkout.session',
    url: null,
    amount_total: amount,
    currency,
    payment_intent: `pi_${payment!.id}`,
    metadata: { payment_id: payment!.id, order_id: order.orderId, tenant_id: order.tenantId },
  };
  return {
    paymentId: payment!.id,
    session,
    paid: newEvent('checkout.session.completed', { ...session, status: 'complete', payment_status: 'paid' }),
    expired: newEvent('checkout.session.expired', { ...session, status: 'expired', payment_status: 'unpaid' }),
  };
}

const statusOf = async (order: Order) => (await platform.payments(order.orderId)).map(({ status }) => status);
const eventStatus = async (id: string) =>
  (
    await platform.database.asOwner<{ status: string; body: object | null }>(
      'select status, body from webhook_events where event_id = $1',
      [id],
    )
  )[0];
/** In the order of their names: messages of two types are heard in any order. */
const outcomes = (order: Order) =>
  platform.ticketApi
    .heardOf(order.orderId)
    .flatMap(({ type }) => (type === 'payment.opened.v1' ? [] : [type]))
    .sort();
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('a webhook', () => {
  it('of a payment makes it succeeded, says so and is answered with 200', async () => {
    const order = platform.order();
    await platform.simulator.press(await platform.checkout(order.orderId), 'pay');
    await eventually(() =>
      expect(platform.ticketApi.heardOf(order.orderId, 'payment.succeeded.v1')).toMatchObject([
        { tenantId: order.tenantId, data: { orderId: order.orderId, amount: { amount: 9000, currency: 'EUR' } } },
      ]),
    );
    expect(await platform.payments(order.orderId)).toMatchObject([
      { status: 'succeeded', paid: 9000, payment_intent: expect.stringMatching(/^pi_/) },
    ]);
  });

  it.each([
    ['fail', 'failed', 'payment.failed.v1'],
    ['expire', 'expired', 'payment.expired.v1'],
  ] as const)('of a session that ends with %s makes it %s', async (button, status, message) => {
    const order = platform.order();
    await platform.simulator.press(await platform.checkout(order.orderId), button);
    await eventually(() => expect(outcomes(order)).toEqual([message]));
    expect(await statusOf(order)).toEqual([status]);
  });

  it('of a refused card changes nothing: the buyer may try another one', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    const before = platform.webhooks.seen.length;
    await platform.simulator.press(page, 'decline');
    await eventually(() => expect(platform.webhooks.seen.length).toBeGreaterThan(before));
    await settle();
    expect(await statusOf(order)).toEqual(['open']);
    expect(outcomes(order)).toEqual([]);
    await platform.simulator.press(page, 'pay');
    await eventually(async () => expect(await statusOf(order)).toEqual(['succeeded']));
  });

  it('of a type that we do not know is noted and answered with 200', async () => {
    const event = newEvent('customer.created', { id: 'cus_1' });
    expect(await platform.deliver(event)).toEqual({ status: 200, body: '{"received":true}' });
    expect(await eventStatus(event.id)).toEqual({ status: 'ignored', body: null });
  });
});

it.each([{ id: 17 }, { id: null }, { id: undefined }, { type: 17 }])(
  'an event that is signed and has no name (%j) is 400',
  async (changes) => {
    const answer = await platform.deliver(newEvent('customer.created', {}, changes));
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'malformed-body' });
  },
);

describe('the signature', () => {
  const refusals = () => jest.spyOn(platform.service.app.get(SecurityEvents), 'tell').mockClear();

  it('is asked for', async () => {
    const path = '/api/v1/payments/webhooks';
    const answer = await platform.webhooks.send({ method: 'POST', path, headers: {}, body: Buffer.from('{}') });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'bad-signature' });
  });

  it('hard case 35: may be of either secret while they are rotated', async () => {
    for (const secret of WEBHOOK_SECRETS)
      expect((await platform.deliver(newEvent('customer.created', {}), { secret })).status).toBe(200);
  });

  it.each([
    ['of another secret', { secret: 'whsec_somebodyElse' }],
    ['over other bytes', { tamper: ' ' }],
    ['of more than five minutes ago', { timestamp: Math.floor(Date.now() / 1000) - 330 }],
    ['of more than five minutes ahead', { timestamp: Math.floor(Date.now() / 1000) + 900 }],
  ])('hard case 35: %s is 400 and has no effect', async (_, forgery) => {
    const order = platform.order();
    const { paid } = await heldSession(order);
    const tell = refusals();
    const answer = await platform.deliver(paid, forgery);
    expect(tell.mock.calls).toEqual([['webhook.signature-refused', { reason: 'signature' }]]);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'bad-signature' });
    expect(await statusOf(order)).toEqual(['open']);
    expect(await eventStatus(paid.id)).toBeUndefined();
  });

  it.each([
    ['the other mode', { livemode: true }, 'other-mode'],
    ['a connected account', { account: 'acct_somebodyElse' }, 'other-account'],
  ])('hard case 35: of an event of %s does not help it', async (_, changes, reason) => {
    const order = platform.order();
    const { paid } = await heldSession(order);
    const tell = refusals();
    expect((await platform.deliver({ ...paid, ...changes })).status).toBe(400);
    expect(tell.mock.calls).toEqual([['webhook.signature-refused', { reason }]]);
    expect(await statusOf(order)).toEqual(['open']);
  });

  it('of an event that names no account, or none by null, is one of ours', async () => {
    for (const changes of [{}, { account: null }])
      expect((await platform.deliver(newEvent('customer.created', {}, changes))).status).toBe(200);
  });

  it('is judged before the body is understood', async () => {
    const path = '/api/v1/payments/webhooks';
    const body = Buffer.from('{ not json');
    expect((await platform.webhooks.send({ method: 'POST', path, headers: {}, body })).status).toBe(400);
    const large = Buffer.alloc(1024 * 1024 + 1, 'a');
    expect((await platform.webhooks.send({ method: 'POST', path, headers: {}, body: large })).status).toBe(413);
  });
});

describe('what the provider says again, late or in another order', () => {
  it('hard case 1: the same event twice, also at once, has its effect once', async () => {
    const order = platform.order();
    const { paid } = await heldSession(order);
    const answers = await Promise.all(Array.from({ length: 8 }, () => platform.deliver(paid)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
    await settle();
    expect(outcomes(order)).toEqual(['payment.succeeded.v1']);
  });

  it('hard case 1: the inbox alone keeps an event from having its effect again, whatever became of the payment', async () => {
    const order = platform.order();
    const { paid, paymentId } = await heldSession(order);
    await platform.deliver(paid);
    await platform.database.asOwner('delete from ledger_transfers where payment_id = $1', [paymentId]);
    await platform.database.asOwner(`update payments set status = 'open', paid = 0 where id = $1`, [paymentId]);
    expect((await platform.deliver(paid)).status).toBe(200);
    expect(await statusOf(order)).toEqual(['open']);
  });

  it('hard case 2: several events that tell of one fact at once have its effect once', async () => {
    const order = platform.order();
    const { session, paid } = await heldSession(order);
    const again = () =>
      newEvent('checkout.session.async_payment_succeeded', { ...session, status: 'complete', payment_status: 'paid' });
    const events = [paid, ...Array.from({ length: 7 }, again)];
    const answers = await Promise.all(events.map((event) => platform.deliver(event)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await eventually(() => expect(outcomes(order)).toEqual(['payment.succeeded.v1']));
    await settle();
    expect(outcomes(order)).toEqual(['payment.succeeded.v1']);
    expect(
      await platform.database.asOwner('select from ledger_transfers where order_id = $1', [order.orderId]),
    ).toHaveLength(1);
  });

  it('hard case 3: an event that comes before our own commit waits for it', async () => {
    const order = platform.order();
    const { paid, paymentId } = await heldSession(order);
    const hide = `update payments set id = $2 where id = $1`;
    const unknown = 'ffffffff-ffff-7fff-bfff-ffffffffffff';
    await platform.database.asOwner(hide, [paymentId, unknown]);
    await platform.database.asOwner(`update payments set session_id = null where id = $1`, [unknown]);
    expect((await platform.deliver(paid)).status).toBe(200);
    expect(await eventStatus(paid.id)).toMatchObject({ status: 'waiting', body: { object: 'checkout.session' } });
    expect(await statusOf(order)).toEqual(['open']);
    await platform.database.asOwner(hide, [unknown, paymentId]);
    await eventually(async () => expect(await statusOf(order)).toEqual(['succeeded']));
    expect(await eventStatus(paid.id)).toEqual({ status: 'handled', body: null });
  });

  it('hard case 3: an event that overtakes the answer which opened the session counts', async () => {
    const order = platform.order();
    const { paid, paymentId } = await heldSession(order);
    const lost = `update payments set status = 'opening', session_id = null, session_url = null where id = $1`;
    await platform.database.asOwner(lost, [paymentId]);
    await platform.deliver(paid);
    expect(await statusOf(order)).toEqual(['succeeded']);
  });

  it('hard case 4: "expired" after "succeeded" is absorbed', async () => {
    const order = platform.order();
    const { paid, expired } = await heldSession(order);
    await platform.deliver(paid);
    expect((await platform.deliver(expired)).status).toBe(200);
    expect(await statusOf(order)).toEqual(['succeeded']);
    expect(await eventStatus(expired.id)).toMatchObject({ status: 'handled' });
    await settle();
    expect(outcomes(order)).toEqual(['payment.succeeded.v1']);
  });

  it('hard case 4: money that comes after "expired" is never overlooked', async () => {
    const order = platform.order();
    const { paid, expired } = await heldSession(order);
    await platform.deliver(expired);
    await platform.deliver(paid);
    await eventually(() => expect(outcomes(order)).toEqual(['payment.expired.v1', 'payment.succeeded.v1']));
  });

  it('hard case 8: two sessions of one order that are both paid are both told, with payments of their own', async () => {
    const order = platform.order();
    const first = await heldSession(order);
    await platform.database.asOwner(`update payments set status = 'refused' where id = $1`, [first.paymentId]);
    await platform.checkout(order.orderId);
    const [, second] = await platform.payments(order.orderId);
    const object = {
      ...first.session,
      id: second!.session_id,
      payment_intent: 'pi_second',
      metadata: { payment_id: second!.id },
    };
    await platform.deliver(first.paid);
    await platform.deliver(
      newEvent('checkout.session.completed', { ...object, status: 'complete', payment_status: 'paid' }),
    );
    await eventually(() => {
      const told = platform.ticketApi.heardOf(order.orderId, 'payment.succeeded.v1').map(({ data }) => data.paymentId);
      expect(told.sort()).toEqual([first.paymentId, second!.id].sort());
    });
  });

  it.each([
    ['amount', 8999, 'eur'],
    ['currency', 9000, 'usd'],
  ])('hard case 28: another %s than was owed goes to review and buys nothing', async (_, amount, currency) => {
    const order = platform.order();
    const { paid } = await heldSession(order, amount, currency);
    expect((await platform.deliver(paid)).status).toBe(200);
    expect(await platform.payments(order.orderId)).toMatchObject([
      { status: 'review', paid: amount, paid_currency: currency.toUpperCase() },
    ]);
    await settle();
    expect(outcomes(order)).toEqual([]);
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/payments_in_review_total\{[^}]*\} [1-9]/);
  });

  it('a session that is complete without money is not paid', async () => {
    const order = platform.order();
    const { session } = await heldSession(order);
    const complete = newEvent('checkout.session.completed', {
      ...session,
      status: 'complete',
      payment_status: 'unpaid',
    });
    expect((await platform.deliver(complete)).status).toBe(200);
    expect(await statusOf(order)).toEqual(['open']);
  });

  it('a session that another system opened with the same account is not our concern', async () => {
    const foreign = newEvent('checkout.session.completed', {
      id: 'cs_test_foreign',
      status: 'complete',
      payment_status: 'paid',
      amount_total: 100,
      currency: 'eur',
      metadata: {},
    });
    expect((await platform.deliver(foreign)).status).toBe(200);
    expect(await eventStatus(foreign.id)).toEqual({ status: 'ignored', body: null });
  });

  it('a session whose payment intent stands on another payment goes to review, and its money is counted once', async () => {
    const [order, other] = [platform.order(), platform.order()];
    const { paid, session } = await heldSession(order);
    const second = await heldSession(other);
    await platform.deliver(paid);
    const object = { ...second.session, payment_intent: session.payment_intent };
    const events = [
      newEvent('checkout.session.completed', { ...object, status: 'complete', payment_status: 'paid' }),
      newEvent('checkout.session.async_payment_succeeded', { ...object, status: 'complete', payment_status: 'paid' }),
    ];
    for (const event of events) expect((await platform.deliver(event)).status).toBe(200);
    expect(await statusOf(order)).toEqual(['succeeded']);
    expect(await platform.payments(other.orderId)).toMatchObject([{ status: 'review', paid: 0, payment_intent: null }]);
    expect(
      await platform.database.asOwner('select from ledger_transfers where order_id = $1', [other.orderId]),
    ).toHaveLength(0);
    await settle();
    expect(outcomes(other)).toEqual([]);
  });

  it('a session that stands on another payment goes to review as well', async () => {
    const [order, other] = [platform.order(), platform.order()];
    const { session } = await heldSession(order);
    const second = await heldSession(other);
    const lost = `update payments set status = 'opening', session_id = null, session_url = null where id = $1`;
    await platform.database.asOwner(lost, [second.paymentId]);
    const object = { ...second.session, id: session.id, status: 'complete', payment_status: 'paid' };
    expect((await platform.deliver(newEvent('checkout.session.completed', object))).status).toBe(200);
    expect(await platform.payments(other.orderId)).toMatchObject([{ status: 'review', paid: 0, session_id: null }]);
    expect(await statusOf(order)).toEqual(['open']);
  });

  it('a session that ends unpaid with the payment intent of another payment has ended all the same', async () => {
    const [order, other] = [platform.order(), platform.order()];
    const { paid, session } = await heldSession(order);
    const second = await heldSession(other);
    await platform.deliver(paid);
    const object = { ...second.session, payment_intent: session.payment_intent };
    const expired = newEvent('checkout.session.expired', { ...object, status: 'expired', payment_status: 'unpaid' });
    expect((await platform.deliver(expired)).status).toBe(200);
    expect(await statusOf(other)).toEqual(['expired']);
  });

  it.each([
    ['NUL in the id of its session', 'checkout.session.completed', { id: 'cs_\u0000', payment_status: 'paid' }],
    ['half a surrogate pair in its payment intent', 'charge.refunded', { id: 'ch_1', payment_intent: 'pi_\ud800' }],
    ['an id longer than any', 'refund.created', { id: 're_'.padEnd(20_000, 'x'), amount: 1, currency: 'eur' }],
    [
      'NUL in what a refund is told to be',
      'refund.created',
      { id: 're_1', amount: 1, currency: 'eur', metadata: { refund_id: '\0' } },
    ],
    ['an amount that is no whole number', 'refund.created', { id: 're_2', amount: 0.5, currency: 'eur' }],
  ])('an event with %s is kept for a person, without what cannot be stored', async (_, type, object) => {
    const event = newEvent(type, object);
    expect((await platform.deliver(event)).status).toBe(200);
    const stored = JSON.parse(JSON.stringify(object).replace(/\\u(0000|d800)/, '\ufffd'));
    expect(await eventStatus(event.id)).toEqual({ status: 'unmatched', body: stored });
  });

  it('an event whose own id cannot be stored is noted all the same', async () => {
    const event = newEvent('customer\ud800', {}, { id: 'evt_\u0000' });
    expect((await platform.deliver(event)).status).toBe(200);
    expect(await eventStatus('evt_\ufffd')).toEqual({ status: 'ignored', body: null });
  });

  it('what cannot be stored, in a part of a session that we do not read, keeps nobody from paying', async () => {
    const order = platform.order();
    const { session } = await heldSession(order);
    const details = { customer_details: { name: 'Ada\u0000' }, status: 'complete', payment_status: 'paid' };
    await platform.deliver(newEvent('checkout.session.completed', { ...session, ...details }));
    expect(await statusOf(order)).toEqual(['succeeded']);
  });

  it('an event that cannot be read is kept for a person', async () => {
    const odd = newEvent('checkout.session.completed', { id: 12 });
    expect((await platform.deliver(odd)).status).toBe(200);
    expect(await eventStatus(odd.id)).toEqual({ status: 'unmatched', body: { id: 12 } });
  });
});
