import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderHoldProlonged } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { eventually } from '@app/testing';
import { PAUSE } from './stripe/circuit.js';
import type { Traffic } from './testing/crossing.js';
import { PaymentPlatform, START_LIMIT, type Order } from './testing/payment-platform.js';
import { RefundDesk } from './testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
}, START_LIMIT);
afterAll(() => platform.remove());
afterEach(comesBack);

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const asked = () => platform.stripeApi.seen.length;
const told = (order: Order) => platform.ticketApi.heardOf(order.orderId, 'payment.unavailable.v1');

/** The provider fails in this way until the service stops asking. @returns a visitor's order of that moment, and the answer */
async function goesAway(traffic: Traffic = 'away', headers = {}): Promise<{ order: Order; answer: Response }> {
  platform.stripeApi.traffic = () => traffic;
  return eventually(async () => {
    const [before, order] = [asked(), platform.order()];
    const answer = await platform.visit(order.orderId, { headers });
    expect(asked()).toBe(before);
    return { order, answer };
  });
}

/** The provider answers, and the service has found out. */
async function comesBack(): Promise<void> {
  await platform.providerAnswers();
  expect(await circuit()).toBe('0');
}

async function circuit(): Promise<string | undefined> {
  const metrics = await (await fetch(`${platform.service.internalUrl}/metrics`)).text();
  return /^payment_provider_circuit\{[^}]*\} (\d)$/m.exec(metrics)?.[1];
}

async function sumOf(column: string, table: string, orders: readonly Order[]): Promise<number> {
  const [row] = await platform.database.asOwner<{ sum: string }>(
    `select sum(${column}) from ${table} where order_id = any($1)`,
    [orders.map(({ orderId }) => orderId)],
  );
  return Number(row?.sum);
}

async function send({ tenantId, orderId }: Order, expiresAt: Date): Promise<void> {
  await platform.ticketApi.send(orderHoldProlonged, tenantId, { orderId, expiresAt: expiresAt.toISOString() });
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

async function holdEnd(order: Order): Promise<Date | undefined> {
  const sql = 'select expires_at from owed_orders where order_id = $1';
  return (await platform.database.asOwner<{ expires_at: Date }>(sql, [order.orderId]))[0]?.expires_at;
}

const sessionsOf = async (order: Order) => (await platform.payments(order.orderId)).map(({ status }) => status);

describe('hard case 31: while the provider is away', () => {
  it.each(['away', 500, 503] as const)(
    '(%s) checkout is 503 with Retry-After at once: the provider is not asked, and nothing is stored',
    async (traffic) => {
      const { order, answer } = await goesAway(traffic);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await answer.json()).toMatchObject({ code: 'service-unavailable' });
      expect(await platform.payments(order.orderId)).toEqual([]);
      expect(['1', '2']).toContain(await circuit());
    },
  );

  it('a browser is shown that the tickets stay held, on a page that tries again by itself', async () => {
    const { answer } = await goesAway('away', browser);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await answer.text();
    expect(page).toContain('Your tickets stay held');
    expect(page).toContain('http-equiv="refresh"');
  });

  it('who has a payment page is led to it', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    await goesAway();
    expect(await platform.checkout(order.orderId)).toBe(page);
  });

  it('one request probes, nobody waits for it, and all may ask once it has succeeded', async () => {
    await goesAway();
    const before = asked();
    let answerProbe!: (traffic: Traffic) => void;
    const probed = new Promise<Traffic>((resolve) => (answerProbe = resolve));
    platform.stripeApi.traffic = () => probed;
    const visits: Promise<Response>[] = [];
    while (asked() === before) {
      visits.push(platform.visit(platform.order().orderId));
      await sleep(50);
    }
    const others = await Promise.all(Array.from({ length: 5 }, () => platform.visit(platform.order().orderId)));
    expect(others.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(asked()).toBe(before + 1);
    answerProbe('pass');
    expect((await Promise.all(visits)).filter(({ status }) => status === 303)).toHaveLength(1);
    await Promise.all(Array.from({ length: 5 }, () => platform.checkout(platform.order().orderId)));
  });

  it('questions that are stored already are not asked either', async () => {
    platform.stripeApi.traffic = () => 'away';
    const orders = Array.from({ length: 5 }, () => platform.order());
    const visitAll = () => Promise.all(orders.map(({ orderId }) => platform.visit(orderId)));
    await visitAll();
    await goesAway();
    const before = asked();
    expect((await visitAll()).map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    // The one that may probe.
    expect(asked() - before).toBeLessThanOrEqual(1);
  });

  it('webhooks are still taken', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    await goesAway();
    await platform.simulator.press(page, 'pay');
    await eventually(async () => expect(await sessionsOf(order)).toEqual(['succeeded']));
  });

  it('events that need no word of the provider are tried again; the others wait', async () => {
    const attemptsAt = async (id: string) => {
      const sql = 'select attempts from webhook_events where event_id = $1';
      return (await platform.database.asOwner<{ attempts: number }>(sql, [id]))[0]?.attempts;
    };
    await goesAway();
    const unknown = { id: `cs_${uuid()}`, payment_status: 'paid', metadata: { payment_id: uuid() } };
    const paid = { ...desk.event('checkout.session.completed', unknown), id: 'evt_outage1' };
    const charge = { ...desk.event('charge.refunded', { payment_intent: 'pi_of_nobody' }), id: 'evt_outage2' };
    for (const event of [paid, charge]) expect((await platform.deliver(event)).status).toBe(200);
    const before = asked();
    await platform.database.asOwner('update webhook_events set due_at = now() where event_id = any($1)', [
      ['evt_outage1', 'evt_outage2'],
    ]);
    await eventually(async () => expect(await attemptsAt('evt_outage1')).toBeGreaterThan(0));
    expect(await attemptsAt('evt_outage2')).toBeLessThanOrEqual(asked() - before);
  });

  it('refunds wait and no try of theirs is counted that was not made; then each is made once', async () => {
    const paid = await Promise.all(Array.from({ length: 6 }, () => desk.paidOrder()));
    const orders = paid.map(({ order }) => order);
    await goesAway();
    const before = asked();
    const refundIds = await Promise.all(orders.map((order) => desk.ask(order, 4500)));
    await eventually(async () => expect(await sumOf('1', 'refunds', orders)).toBe(6));
    await sleep(PAUSE);
    expect(await sumOf('attempts', 'refunds', orders)).toBeLessThanOrEqual(asked() - before);
    await comesBack();
    for (const refundId of refundIds) await desk.due(refundId);
    await eventually(() => {
      for (const order of orders) expect(desk.told(order, 'refunded')).toHaveLength(1);
    });
    for (const { paymentIntent } of paid) expect(await desk.atProvider(paymentIntent)).toHaveLength(1);
  });

  it('sessions whose hold has ended wait in the same way, and are ended after it', async () => {
    const orders = Array.from({ length: 6 }, () => platform.order());
    for (const { orderId } of orders) await platform.checkout(orderId);
    await goesAway();
    const before = asked();
    const ids = orders.map(({ orderId }) => orderId);
    await platform.database.asOwner('update payments set close_due_at = now() where order_id = any($1)', [ids]);
    await sleep(PAUSE);
    expect(await sumOf('close_attempts', 'payments', orders)).toBeLessThanOrEqual(asked() - before);
    await comesBack();
    await platform.database.asOwner('update payments set close_due_at = now() where order_id = any($1)', [ids]);
    await eventually(async () => {
      for (const order of orders) expect(await sessionsOf(order)).toEqual(['expired']);
    });
  });
});

it.each([400, 401, 404, 429])('an answer of %s is no outage: everybody is still let through', async (status) => {
  platform.stripeApi.traffic = () => status;
  const orders = Array.from({ length: 12 }, () => platform.order());
  for (const { orderId } of orders) {
    const before = asked();
    await platform.visit(orderId);
    expect(asked()).toBeGreaterThan(before);
  }
  expect(await circuit()).toBe('0');
  for (const order of orders) expect(told(order)).toEqual([]);
});

describe('that a buyer could not pay', () => {
  it('is told once per order, however often and by how many the checkout is opened', async () => {
    const order = platform.order();
    const { order: another } = await goesAway();
    for (let times = 0; times < 3; times += 1)
      await Promise.all([platform.visit(order.orderId), platform.visit(order.orderId, { headers: browser })]);
    await eventually(() => expect(told(order)).toHaveLength(1));
    await eventually(() => expect(told(another)).toHaveLength(1));
    await sleep(300);
    expect(told(order)).toMatchObject([{ tenantId: order.tenantId, data: { orderId: order.orderId } }]);
  });

  it('is told of a provider that gives no answer, before anybody knows that it is away', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'mute';
    expect((await platform.visit(order.orderId)).status).toBe(503);
    await eventually(() => expect(told(order)).toHaveLength(1));
  });

  it('is not told of an order that is not to be paid any more', async () => {
    await goesAway();
    const order = platform.order({ holdSeconds: -1 });
    expect((await platform.visit(order.orderId)).status).toBe(410);
    await sleep(300);
    expect(told(order)).toEqual([]);
  });
});

describe('hard case 31: a hold that is prolonged', () => {
  it('keeps its session open until its new end; a repeated or older word changes nothing', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const until = inAnHour();
    await send(order, until);
    await eventually(async () => expect(await holdEnd(order)).toEqual(until));
    await send(order, until);
    await send(order, new Date(order.expiresAt));
    await sleep(500);
    expect(await holdEnd(order)).toEqual(until);
    const due = `select 1 from payments where order_id = $1 and status = 'open' and close_due_at = $2`;
    expect(await platform.database.asOwner(due, [order.orderId, until])).toHaveLength(1);
  });

  it('can be paid after its first end, also by a buyer who is faster than the message', async () => {
    const { order } = await goesAway();
    platform.ticketApi.orders.get(order.orderId)!.order.expiresAt = inAnHour().toISOString();
    const passed = `update owed_orders set expires_at = now() - interval '1 second' where order_id = $1`;
    await platform.database.asOwner(passed, [order.orderId]);
    platform.stripeApi.traffic = () => 'pass';
    await eventually(() => platform.checkout(order.orderId));
  });

  it('stays closed when the order has ended meanwhile', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const { tenantId, orderId, event, buyer } = order;
    await platform.ticketApi.send(orderCancelled, tenantId, { orderId, event, buyer, reason: 'buyer' });
    await eventually(async () => expect(await sessionsOf(order)).toEqual(['expired']));
    const before = await holdEnd(order);
    await send(order, inAnHour());
    await sleep(500);
    expect(await holdEnd(order)).toEqual(before);
    expect((await platform.visit(orderId)).status).toBe(410);
  });
});
