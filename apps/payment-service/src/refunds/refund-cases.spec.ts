import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { FailedRefunds, type FailedRefund } from '../testing/failed-refund.js';
import { PaymentPlatform, START_LIMIT, type Order } from '../testing/payment-platform.js';
import { onProviderBalance, RefundDesk } from '../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
let refunds: FailedRefunds;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
  refunds = new FailedRefunds(platform, desk);
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
  platform.ticketApi.isAway = false;
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

const cases = async (userId: string, query = '') => {
  const answer = await platform.get<{ data: object[]; nextCursor: string | null }>(`/mgmt/refunds${query}`, userId);
  expect(answer.status).toBe(200);
  return answer.body;
};
const retry = ({ refundId }: FailedRefund, userId: string) => platform.post(`/mgmt/refunds/${refundId}/retry`, userId);
const settleBy = ({ refundId }: FailedRefund, userId: string, note = 'Cash, at the box office') =>
  platform.post(`/mgmt/refunds/${refundId}/settle`, userId, { note });
const transfers = async (order: Order) => (await desk.transfersOf(order)).map(({ what }) => what);
const inBooks = async (order: Order) =>
  (await desk.transfersOf(order)).reduce((sum, transfer) => sum + onProviderBalance(transfer), 0);
const askedWith = (key: string) =>
  platform.stripeApi.to('POST', '/v1/refunds').filter(({ headers }) => headers['idempotency-key'] === key);

describe('hard case 10: refunds that failed for good', () => {
  it('are listed for organizers of their organization, with what failed, why and since when', async () => {
    const { order, organizer, refundId } = await refunds.cameBack();
    const page = await cases(organizer, '?status=failed');
    expect(page).toMatchObject({
      data: [
        {
          id: refundId,
          organizationId: order.tenantId,
          orderId: order.orderId,
          amount: { amount: 4500, currency: 'EUR' },
          status: 'failed',
          reason: 'refund',
          failure: 'lost_or_stolen_card',
          since: expect.stringMatching(/Z$/),
          settlement: null,
        },
      ],
      nextCursor: null,
    });
    expect(await cases(organizer)).toEqual(page);
    expect((await cases(refunds.member(order, 'owner'))).data).toHaveLength(1);
  });

  it('are shown page by page', async () => {
    const [first, second] = [await refunds.cameBack(), await refunds.cameBack()];
    const both = uuid();
    const organizations = [first, second].map(({ order }) => ({ id: order.tenantId, role: 'owner' }));
    platform.ticketApi.memberships.set(both, organizations);
    const page = await cases(both, '?limit=1');
    expect(page.data).toMatchObject([{ id: second.refundId }]);
    const rest = await cases(both, `?limit=1&cursor=${page.nextCursor}`);
    expect(rest).toMatchObject({ data: [{ id: first.refundId }], nextCursor: null });
    const one = await cases(both, `?organizationId=${first.order.tenantId}`);
    expect(one.data).toMatchObject([{ id: first.refundId }]);
  });

  it('are nobody else’s: another organization does not find them, a scanner or a stranger may not ask', async () => {
    const refund = await refunds.cameBack();
    const elsewhere = refunds.member(platform.order());
    expect((await cases(elsewhere)).data).toEqual([]);
    const others = [elsewhere, refunds.member(refund.order, 'scanner'), uuid()];
    for (const userId of others) {
      expect((await retry(refund, userId)).status).toBe(404);
      expect((await settleBy(refund, userId)).status).toBe(404);
    }
    for (const userId of others.slice(1)) expect((await platform.get('/mgmt/refunds', userId)).status).toBe(403);
    expect((await platform.post(`/mgmt/refunds/${uuid()}/retry`, refund.organizer)).status).toBe(404);
    expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'failed' });
  });

  it('wait while ticket-api cannot say who may see them', async () => {
    const refund = await refunds.cameBack();
    platform.ticketApi.isAway = true;
    expect((await platform.get('/mgmt/refunds', refund.organizer)).status).toBe(503);
    expect((await retry(refund, refund.organizer)).status).toBe(503);
  });
});

describe('a retry', () => {
  it('asks the provider again under a new key, for the same refund, and is told and booked once', async () => {
    const refund = await refunds.cameBack();
    const { order, organizer, refundId, paymentIntent } = refund;
    expect(await retry(refund, organizer)).toMatchObject({ status: 202, body: { id: refundId, status: 'pending' } });
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
    expect(desk.told(order, 'refunded')).toMatchObject([
      { refundId, sequence: 1 },
      { refundId, sequence: 3 },
    ]);
    expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId, sequence: 2 }]);
    expect(askedWith(`refund:${refundId}:1`)).toHaveLength(1);
    expect(await desk.atProvider(paymentIntent)).toHaveLength(2);
    expect(await transfers(order)).toEqual(['payment', 'refund', 'refund-returned', 'refund']);
    expect(await inBooks(order)).toBe(4500);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
    expect((await cases(organizer)).data).toEqual([]);
    expect((await cases(organizer, '?status=succeeded')).data).toMatchObject([{ id: refundId }]);
    expect(await retry(refund, organizer)).toMatchObject({
      status: 409,
      body: { code: 'refund-not-failed', detail: 'This refund has been made.' },
    });
  });

  it('is known by its Idempotency-Key, also once the refund has been made', async () => {
    const refund = await refunds.cameBack();
    const path = `/mgmt/refunds/${refund.refundId}`;
    const key = { 'idempotency-key': 'retry-1' };
    const first = await platform.post(`${path}/retry`, refund.organizer, {}, key);
    expect(first).toMatchObject({ status: 202, body: { status: 'pending' }, isReplayed: false });
    await eventually(async () => expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'succeeded' }));
    expect(await platform.post(`${path}/retry`, refund.organizer, {}, key)).toEqual({ ...first, isReplayed: true });
    const other = await platform.post(`${path}/settle`, refund.organizer, { note: 'Cash' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const by = { id: refund.organizer, name: 'A', role: 'organizer' };
    await eventually(() =>
      expect(desk.told(refund.order, 'refund-taken-up')).toMatchObject([
        { refundId: refund.refundId, how: 'retried', by },
      ]),
    );
  });

  it('that is on its way is found among those that a person has had tried again, and no others are', async () => {
    const refund = await refunds.cameBack();
    platform.stripeApi.traffic = () => 'away';
    const byItself = await desk.ask(refund.order, 4500);
    await retry(refund, refund.organizer);
    await eventually(async () => expect(await desk.refund(byItself)).toMatchObject({ status: 'pending' }));
    const { data } = await cases(refund.organizer, '?status=pending');
    expect(data).toMatchObject([{ id: refund.refundId, status: 'pending' }]);
    expect(data).toHaveLength(1);
  });

  it('asked for twice at once is one', async () => {
    const refund = await refunds.cameBack();
    const answers = await Promise.all([retry(refund, refund.organizer), retry(refund, refund.organizer)]);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    await eventually(async () => expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'succeeded' }));
    await settle();
    expect(await desk.atProvider(refund.paymentIntent)).toHaveLength(2);
    expect(await desk.refund(refund.refundId)).toMatchObject({ round: 1 });
  });

  it('has days of its own to be answered, and is not touched by late news of the try that had failed', async () => {
    const refund = await refunds.cameBack();
    platform.stripeApi.traffic = () => 'away';
    const age = `update refunds set created_at = now() - interval '4 days', first_tried_at = now() - interval '4 days' where id = $1`;
    await platform.database.asOwner(age, [refund.refundId]);
    await retry(refund, refund.organizer);
    await eventually(async () => {
      await desk.due(refund.refundId);
      expect((await desk.refund(refund.refundId))!.attempts).toBeGreaterThan(1);
    });
    for (const status of ['failed', 'succeeded'])
      await platform.deliver(desk.event('refund.updated', { ...refund.news, status }));
    expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'pending', provider_refund_id: null });
    platform.stripeApi.traffic = () => 'pass';
    await eventually(async () => {
      await desk.due(refund.refundId);
      expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'succeeded' });
    });
    expect(await inBooks(refund.order)).toBe(4500);
  });

  it("of a refund made in the provider's dashboard is not touched by late news of that one either", async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const { id } = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    const [made] = await desk.refundsOf(order);
    const refundId = made!.id;
    const news = (type: string, status: string) =>
      platform.deliver(desk.event(type, { id, amount: 1000, payment_intent: paymentIntent, metadata: {}, status }));
    await news('refund.failed', 'failed');
    expect((await platform.post(`/mgmt/refunds/${refundId}/retry`, refunds.member(order))).status).toBe(202);
    expect(await news('refund.updated', 'succeeded')).toMatchObject({ status: 200 });
    await eventually(async () => expect(await desk.refundsOf(order)).toMatchObject([{ status: 'succeeded' }]));
    expect(await inBooks(order)).toBe(8000);
  });

  it('of a refund that was made after all, but never answered, finds it and makes no other', async () => {
    const refund = await refunds.unanswered();
    platform.webhooks.traffic = () => 'hold';
    const metadata = { refund_id: refund.refundId };
    await platform.dashboard().refunds.create({ payment_intent: refund.paymentIntent, amount: 4500, metadata });
    expect((await retry(refund, refund.organizer)).status).toBe(202);
    await eventually(async () => expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'succeeded' }));
    expect(await desk.atProvider(refund.paymentIntent)).toHaveLength(1);
  });

  it('is refused while the payment is disputed', async () => {
    const disputed = await refunds.cameBack();
    const dispute = { object: 'dispute', id: 'du_case', amount: 9000, status: 'needs_response' };
    const about = { payment_intent: disputed.paymentIntent, reason: 'fraudulent' };
    await platform.deliver(desk.event('charge.dispute.created', { ...dispute, ...about }));
    for (const answer of [await retry(disputed, disputed.organizer), await settleBy(disputed, disputed.organizer)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'payment-disputed' } });
  });

  it('is refused after the dispute is lost, and a person may note that the bank has paid it', async () => {
    const lost = await refunds.cameBack();
    const dispute = { object: 'dispute', id: 'du_lost_case', amount: 9000, reason: 'fraudulent' };
    const says = (status: string) => ({ ...dispute, status, payment_intent: lost.paymentIntent });
    await platform.deliver(desk.event('charge.dispute.created', says('needs_response')));
    await platform.deliver(desk.event('charge.dispute.closed', says('lost')));
    expect(await retry(lost, lost.organizer)).toMatchObject({ status: 409, body: { code: 'payment-disputed' } });
    const noted = await settleBy(lost, lost.organizer, 'Went back through the bank');
    expect(noted).toMatchObject({ status: 200, body: { status: 'settled' } });
  });

  it('of a refund that somebody has made with more in the dashboard moves nothing, and ends it', async () => {
    const spent = await refunds.unanswered();
    await platform.dashboard().refunds.create({ payment_intent: spent.paymentIntent });
    await eventually(async () =>
      expect(await platform.payments(spent.order.orderId)).toMatchObject([{ refunded_total: 9000 }]),
    );
    expect(await settleBy(spent, spent.organizer)).toMatchObject({ status: 409, body: { code: 'nothing-to-refund' } });
    expect(await retry(spent, spent.organizer)).toMatchObject({ status: 202, body: { status: 'succeeded' } });
    const all = { amount: 4500, currency: 'EUR' };
    await eventually(() =>
      expect(desk.told(spent.order, 'refunded')).toContainEqual(
        expect.objectContaining({ refundId: spent.refundId, amount: all, covered: all }),
      ),
    );
    expect(await desk.atProvider(spent.paymentIntent)).toHaveLength(1);
    expect(await platform.payments(spent.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
  });
});

describe('a refund that a person has paid back otherwise', () => {
  it('is told as refunded and booked, with who and why, once', async () => {
    const refund = await refunds.cameBack();
    const { order, organizer, refundId } = refund;
    const settled = {
      id: refundId,
      status: 'settled',
      settlement: { by: { id: organizer, name: 'A' }, note: 'Cash, at the box office' },
    };
    expect(await settleBy(refund, organizer)).toMatchObject({ status: 200, body: settled });
    expect(await settleBy(refund, organizer)).toMatchObject({ status: 200, body: settled });
    for (const answer of [await settleBy(refund, organizer, 'By bank transfer'), await retry(refund, organizer)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'refund-not-failed' } });
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(2));
    expect(await transfers(order)).toEqual(['payment', 'refund', 'refund-returned', 'refund-settled']);
    // Nothing has left the provider.
    expect(await inBooks(order)).toBe(9000);
    expect(await platform.payments(order.orderId)).toMatchObject([{ refunded_total: 4500 }]);
    expect((await cases(organizer)).data).toEqual([]);
    expect((await cases(organizer, '?status=settled')).data).toMatchObject([settled]);
    expect((await platform.view(order.orderId, order.buyer.id)).body).toMatchObject({
      refunded: { amount: 4500 },
      refundPending: { amount: 0 },
      refunds: [{ status: 'succeeded' }],
    });
  });

  it('needs a note', async () => {
    const refund = await refunds.cameBack();
    expect((await settleBy(refund, refund.organizer, ' ')).status).toBe(422);
  });

  it('is either settled or tried again, never both', async () => {
    const refund = await refunds.cameBack();
    const answers = await Promise.all([retry(refund, refund.organizer), settleBy(refund, refund.organizer)]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    await eventually(() => expect(desk.told(refund.order, 'refunded')).toHaveLength(2));
    await settle();
    expect((await transfers(refund.order)).slice(3)).toHaveLength(1);
  });

  it('and that the provider makes after all is noticed, booked and shown as paid twice', async () => {
    const refund = await refunds.unanswered();
    await settleBy(refund, refund.organizer);
    await platform.deliver(desk.event('refund.updated', { ...refund.news, status: 'succeeded' }));
    await platform.deliver(desk.event('refund.updated', { ...refund.news, status: 'succeeded' }));
    expect((await cases(refund.organizer, '?status=paid-twice')).data).toMatchObject([{ id: refund.refundId }]);
    expect(await transfers(refund.order)).toEqual(['payment', 'refund-settled', 'refund']);
    expect(await inBooks(refund.order)).toBe(4500);
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/refunds_paid_twice_total\{[^}]*\} [1-9]/);
    await settle();
    expect(desk.told(refund.order, 'refunded')).toHaveLength(1);
  });

  it('and beside which somebody gives back more than was left in the dashboard is paid twice: booked, and told once', async () => {
    const refund = await refunds.cameBack();
    await settleBy(refund, refund.organizer);
    const made = await platform.dashboard().refunds.create({ payment_intent: refund.paymentIntent });
    const [all, twice] = [9000, 4500].map((amount) => ({ amount, currency: 'EUR' }));
    await eventually(() =>
      expect(desk.told(refund.order, 'refunded')).toContainEqual(
        expect.objectContaining({ amount: all, covered: twice }),
      ),
    );
    expect(await inBooks(refund.order)).toBe(0);
    expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/refunds_paid_twice_total\{[^}]*\} [1-9]/);

    // It comes back: what the person had paid is paid still.
    await platform.simulator.tell(`/refunds/${made.id}/fail`, { failureReason: 'lost_or_stolen_card' });
    await eventually(async () =>
      expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 4500 }]),
    );
    expect(await inBooks(refund.order)).toBe(9000);
    expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'settled' });

    // Tried again it is what it was: no more is put aside than is left.
    const { id: refundId } = (await desk.refundsOf(refund.order)).find(({ origin }) => origin === 'provider')!;
    expect((await retry({ ...refund, refundId }, refund.organizer)).status).toBe(202);
    await eventually(async () => expect(await desk.refund(refundId)).toMatchObject({ status: 'succeeded' }));
    expect(await platform.payments(refund.order.orderId)).toMatchObject([{ refunded_total: 9000 }]);
    expect(await inBooks(refund.order)).toBe(0);
  });

  it('is paid twice by a try that was told to have failed only if the provider says so when it is asked', async () => {
    const refund = await refunds.saidToHaveComeBack();
    await settleBy(refund, refund.organizer);
    platform.stripeApi.traffic = () => 'away';
    await platform.deliver(desk.event('refund.updated', { ...refund.news, status: 'succeeded' }));
    expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'settled' });
    platform.stripeApi.traffic = () => 'pass';
    await eventually(async () => {
      await platform.database.asOwner(`update webhook_events set due_at = now() where status = 'waiting'`);
      expect(await desk.refund(refund.refundId)).toMatchObject({ status: 'paid-twice' });
    }, 15_000);
  });
});
