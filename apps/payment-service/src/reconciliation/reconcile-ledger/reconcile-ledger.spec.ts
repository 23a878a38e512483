import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { PaymentPlatform, START_LIMIT, type Order } from '../../testing/payment-platform.js';
import { RefundDesk } from '../../testing/refund-desk.js';
import { ReconcileLedger } from './reconcile-ledger.js';

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

interface Run {
  finished_at: Date | null;
  step: string;
  looked_at: number;
  failures: number;
}
interface Found {
  kind: string;
  tenant_id: string | null;
  order_id: string | null;
  payment_id: string | null;
  provider_amount: number | null;
  provider_currency: string | null;
  booked_amount: number | null;
  repair: string | null;
  told_at: Date | null;
}

const wake = () => platform.service.app.get(ReconcileLedger).wake();
const runOf = async (id: string) =>
  (await platform.database.asOwner<Run>('select * from reconciliation_runs where id = $1', [id]))[0]!;
/** A run over everything that has happened, due now. Its window ends in the future, each at another moment. */
async function begin(step = 'charge'): Promise<string> {
  const [run] = await platform.database.asOwner<{ id: string }>(
    `insert into reconciliation_runs (kind, window_from, window_to, step)
     values ('ledger', now() - interval '1 hour', now() + interval '1 hour', $1) returning id`,
    [step],
  );
  wake();
  return run!.id;
}
const ended = (id: string) => eventually(async () => expect((await runOf(id)).finished_at).not.toBeNull());
const compare = async (from?: string) => ended(await begin(from));
const differences = (subject: string) =>
  platform.database.asOwner<Found>('select * from reconciliation_differences where subject = $1 order by id', [
    subject,
  ]);
const openNow = async () => {
  const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
  return Number(/reconciliation_open_differences\{[^}]*\} (\d+)/.exec(metrics)?.[1]);
};
const stateOf = async (order: Order) => (await platform.payments(order.orderId))[0]!;

/** Paid at the provider; nobody told us. */
async function paidUnheard(order = platform.order()): Promise<{ order: Order; paymentIntent: string }> {
  platform.webhooks.traffic = () => 'hold';
  const page = await platform.checkout(order.orderId);
  await platform.simulator.press(page, 'pay');
  const { session_id } = await stateOf(order);
  const session = await platform.dashboard().checkout.sessions.retrieve(session_id);
  return { order, paymentIntent: session.payment_intent as string };
}

/** Money of a payment that no order of ours knows. */
async function foreignPayment(): Promise<string> {
  const stripe = platform.dashboard();
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 700, product_data: { name: 'Mug' } } }],
    success_url: 'https://shop.example/thanks',
  });
  await platform.simulator.press(session.url!, 'pay');
  return (await stripe.checkout.sessions.retrieve(session.id)).payment_intent as string;
}

describe('hard case 32: what the provider has and we have not', () => {
  it('a payment that we hold as unpaid is told and booked as by its webhook', async () => {
    const { order, paymentIntent } = await paidUnheard();
    await compare();
    await eventually(() => expect(platform.ticketApi.heardOf(order.orderId, 'payment.succeeded.v1')).toHaveLength(1));
    expect(await stateOf(order)).toMatchObject({ status: 'succeeded', paid: 9000 });
    expect(await desk.transfersOf(order)).toMatchObject([{ what: 'payment', amount: 9000 }]);
    expect(await differences(paymentIntent)).toMatchObject([
      {
        kind: 'unpaid-here',
        tenant_id: order.tenantId,
        order_id: order.orderId,
        provider_amount: 9000,
        booked_amount: null,
        repair: 'provider-news',
      },
    ]);
  });

  it('money that came after we had it as expired counts', async () => {
    const { order } = await paidUnheard();
    await platform.database.asOwner(`update payments set status = 'expired' where order_id = $1`, [order.orderId]);
    await compare();
    expect(await stateOf(order)).toMatchObject({ status: 'succeeded' });
  });

  it('a refund that was made in the dashboard is told and booked', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.webhooks.traffic = () => 'hold';
    const made = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await compare();
    await eventually(() => expect(desk.told(order, 'refunded')).toMatchObject([{ amount: { amount: 1000 } }]));
    expect(await desk.refundsOf(order)).toMatchObject([{ origin: 'provider', provider_refund_id: made.id }]);
    expect(await differences(made.id)).toMatchObject([
      { kind: 'refund-unknown', tenant_id: order.tenantId, repair: 'provider-news' },
    ]);
  });

  it('a refund of a payment that was lost too is booked after it, in the same run', async () => {
    const { order, paymentIntent } = await paidUnheard();
    await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 1000 });
    await compare();
    expect((await desk.transfersOf(order)).map(({ what }) => what)).toEqual(['payment', 'refund']);
  });

  it('a refund that failed after all is taken back in the books', async () => {
    const { order } = await desk.paidOrder();
    const refundId = await desk.ask(order, 4500);
    await eventually(() => expect(desk.told(order, 'refunded')).toHaveLength(1));
    const { provider_refund_id: id } = (await desk.refund(refundId))!;
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.tell(`/refunds/${id}/fail`, { failureReason: 'declined' });
    await compare();
    expect((await desk.transfersOf(order)).map(({ what }) => what)).toEqual(['payment', 'refund', 'refund-returned']);
    await eventually(() => expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId, reason: 'declined' }]));
    expect(await differences(id!)).toMatchObject([{ kind: 'refund-differs', repair: 'provider-news' }]);
  });

  it('a dispute is told and booked, and so is its end', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    platform.webhooks.traffic = () => 'hold';
    const { id } = await platform.simulator.tell<{ id: string }>('/disputes', { paymentIntent });
    await compare();
    await eventually(() => expect(platform.ticketApi.heardOf(order.orderId, 'payment.disputed.v1')).toHaveLength(1));
    expect((await desk.transfersOf(order)).map(({ what }) => what)).toEqual(['payment', 'dispute-withdrawn']);
    await platform.simulator.tell(`/disputes/${id}/close`, { outcome: 'won' });
    await compare();
    const all = ['payment', 'dispute-withdrawn', 'dispute-reinstated'];
    expect((await desk.transfersOf(order)).map(({ what }) => what)).toEqual(all);
    await compare();
    expect((await differences(id)).map(({ kind, repair }) => [kind, repair])).toEqual([
      ['dispute-differs', 'provider-news'],
      ['dispute-differs', 'provider-news'],
    ]);
  });

  it('hard case 29: in a currency without cents is booked to the yen', async () => {
    const { order, paymentIntent } = await paidUnheard(platform.order({ currency: 'JPY', total: 9000 }));
    const made = await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: 4500 });
    await compare();
    expect(await desk.transfersOf(order)).toMatchObject([
      { what: 'payment', amount: 9000, currency: 'JPY' },
      { what: 'refund', amount: 4500, currency: 'JPY' },
    ]);
    await compare();
    const all = [...(await differences(paymentIntent)), ...(await differences(made.id))];
    expect(all.map(({ repair }) => repair)).toEqual(['provider-news', 'provider-news']);
  });

  it('a payment of nobody is told once, counted, and seen by no tenant', async () => {
    const before = await openNow();
    const intent = await foreignPayment();
    await compare();
    const [found] = await differences(intent);
    expect(found).toMatchObject({
      kind: 'unknown-payment',
      tenant_id: null,
      provider_amount: 700,
      provider_currency: 'EUR',
      repair: null,
      told_at: expect.any(Date),
    });
    await compare();
    expect(await differences(intent)).toMatchObject([{ told_at: found!.told_at }]);
    expect(await openNow()).toBe(before + 1);
  });

  it('what a person has settled stays settled', async () => {
    const intent = await foreignPayment();
    await compare();
    const settled = `update reconciliation_differences set repaired_at = now(), repair = 'by-a-person' where subject = $1`;
    await platform.database.asOwner(settled, [intent]);
    await compare();
    expect(await differences(intent)).toMatchObject([{ repair: 'by-a-person' }]);
  });
});

describe('hard case 32: what we have booked', () => {
  it('and the provider does not have is told', async () => {
    const { order, paymentId, paymentIntent } = await desk.paidOrder();
    const fake = `pi_${uuid()}`;
    await platform.database.asOwner('update payments set payment_intent = $2 where id = $1', [paymentId, fake]);
    await compare();
    expect(await differences(fake)).toMatchObject([
      {
        kind: 'not-at-provider',
        tenant_id: order.tenantId,
        payment_id: paymentId,
        provider_amount: null,
        booked_amount: 9000,
        repair: null,
      },
    ]);
    await platform.database.asOwner('update payments set payment_intent = $2 where id = $1', [
      paymentId,
      paymentIntent,
    ]);
  });

  it("of a dispute and the provider does not have is told, also when it is the money's way back", async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const { id } = await platform.simulator.tell<{ id: string }>('/disputes', { paymentIntent });
    const booked = async () => (await desk.transfersOf(order)).map(({ what }) => what);
    await eventually(async () => expect(await booked()).toEqual(['payment', 'dispute-withdrawn']));
    await compare();
    expect(await differences(id)).toEqual([]);
    const own = 'update disputes set provider_dispute_id = $2 where provider_dispute_id = $1';
    const fake = `du_${uuid()}`;
    await platform.database.asOwner(own, [id, fake]);
    await compare('booked');
    expect(await differences(fake)).toEqual([]);
    await platform.database.asOwner(
      `insert into ledger_transfers (id, tenant_id, order_id, payment_id, dispute_id, what, debit_account, credit_account, amount, currency)
       select $2, tenant_id, order_id, payment_id, id, 'dispute-reinstated', 'provider-balance', 'organization-payable', amount, currency
       from disputes where provider_dispute_id = $1`,
      [fake, uuid()],
    );
    await compare('booked');
    expect(await differences(fake)).toMatchObject([
      { kind: 'not-at-provider', tenant_id: order.tenantId, provider_amount: null, booked_amount: 9000, repair: null },
    ]);
    await platform.database.asOwner(
      `delete from ledger_transfers where order_id = $1 and what = 'dispute-reinstated'`,
      [order.orderId],
    );
    await platform.database.asOwner(own, [fake, id]);
  });

  it('and the provider has outside of the window is no difference', async () => {
    const { paymentId, paymentIntent } = await desk.paidOrder();
    await compare('booked');
    const compared = 'select compared_at from payments where id = $1';
    expect(await platform.database.asOwner(compared, [paymentId])).toEqual([{ compared_at: expect.any(Date) }]);
    expect(await differences(paymentIntent)).toEqual([]);
  });

  it('with another amount is told with both as they are now, and is over when both are the same', async () => {
    const { order, paymentIntent } = await desk.paidOrder();
    const change = 'update ledger_transfers set amount = $2 where order_id = $1';
    await platform.database.asOwner(change, [order.orderId, 8999]);
    await compare();
    expect(await differences(paymentIntent)).toMatchObject([
      { kind: 'amount-differs', provider_amount: 9000, booked_amount: 8999, repair: null },
    ]);
    await platform.database.asOwner(change, [order.orderId, 8998]);
    await compare();
    expect(await differences(paymentIntent)).toMatchObject([
      { kind: 'amount-differs', order_id: order.orderId, provider_amount: 9000, booked_amount: 8998, repair: null },
    ]);
    await platform.database.asOwner(change, [order.orderId, 9000]);
    await compare();
    expect(await differences(paymentIntent)).toMatchObject([{ kind: 'amount-differs', repair: 'found-equal' }]);
  });
});

describe('a run', () => {
  const pages = (type: string) =>
    platform.stripeApi.to('GET', '/v1/balance_transactions').filter(({ path }) => path.includes(`type=${type}`));

  it('goes over more pages than one, each once, also with two replicas', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const intents = await Promise.all(Array.from({ length: 101 }, () => foreignPayment()));
    const first = platform.service;
    await platform.openService();
    try {
      const id = await begin();
      await eventually(async () => {
        for (const { app } of [first, platform.service]) app.get(ReconcileLedger).wake();
        expect((await runOf(id)).finished_at).not.toBeNull();
      }, 90_000);
      const [window] = await platform.database.asOwner<{ from: number }>(
        'select floor(extract(epoch from window_from))::bigint as from from reconciliation_runs where id = $1',
        [id],
      );
      const asked = pages('charge').filter(({ path }) => path.includes(`created[gte]=${window!.from}&`));
      expect(asked).toHaveLength(2);
      expect(asked.filter(({ path }) => path.includes('starting_after'))).toHaveLength(1);
    } finally {
      await first.close();
    }
    const settled = `update reconciliation_differences set repaired_at = now(), repair = 'by-a-person'
      where subject = any($1) and repaired_at is null returning id`;
    expect(await platform.database.asOwner(settled, [intents])).toHaveLength(101);
  }, 120_000);

  it('waits while the provider is away, goes on where it was, and leaves nothing half done', async () => {
    const { order } = await paidUnheard();
    platform.stripeApi.traffic = () => 'away';
    const id = await begin();
    await eventually(async () => expect(await runOf(id)).toMatchObject({ failures: 1, step: 'charge', looked_at: 0 }));
    expect(await stateOf(order)).toMatchObject({ status: 'open', paid: 0 });
    platform.stripeApi.traffic = ({ path }) => (path.includes('type=refund&') ? 'away' : 'pass');
    await platform.database.asOwner('update reconciliation_runs set due_at = now() where id = $1', [id]);
    wake();
    await eventually(async () => expect(await runOf(id)).toMatchObject({ failures: 1, step: 'refund' }));
    expect(await stateOf(order)).toMatchObject({ status: 'succeeded' });
    await platform.providerAnswers();
    const before = pages('charge').length;
    await platform.database.asOwner('update reconciliation_runs set due_at = now() where id = $1', [id]);
    wake();
    await ended(id);
    expect(pages('charge')).toHaveLength(before);
  });

  it('is made once for each day, over the days before it', async () => {
    wake();
    const today = `select window_from, window_to from reconciliation_runs where window_to = date_trunc('day', now(), 'UTC')`;
    await eventually(async () => expect(await platform.database.asOwner(today)).toHaveLength(1));
    const [run] = await platform.database.asOwner<{ window_from: Date; window_to: Date }>(today);
    expect(run!.window_to.getTime() - run!.window_from.getTime()).toBe(2 * 86_400_000);
    wake();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await platform.database.asOwner(today)).toHaveLength(1);
  });

  it('begins where the last one ended when days were left out', async () => {
    await platform.database.asOwner('delete from reconciliation_runs');
    await platform.database.asOwner(
      `insert into reconciliation_runs (kind, window_from, window_to, step, finished_at)
       select 'ledger', today - interval '9 days', today - interval '7 days', 'open', now() from date_trunc('day', now(), 'UTC') as today`,
    );
    wake();
    await eventually(async () => {
      const last = `select window_to - window_from as length from reconciliation_runs where kind = 'ledger' order by window_to desc limit 1`;
      expect(await platform.database.asOwner(last)).toMatchObject([{ length: { days: 7 } }]);
    });
  });
});
