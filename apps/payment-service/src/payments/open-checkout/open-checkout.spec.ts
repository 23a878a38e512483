import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderReserved } from '@app/contracts';
import { eventually } from '@app/testing';
import { PaymentPlatform, START_LIMIT, signatureOf, type Order } from '../../testing/payment-platform.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(async () => {
  platform.ticketApi.isAway = false;
  await platform.providerAnswers();
  platform.webhooks.traffic = () => 'pass';
});

const sessionsAsked = (orderId: string) =>
  platform.stripeApi
    .to('POST', '/v1/checkout/sessions')
    .filter(({ path, body }) => path === '/v1/checkout/sessions' && body.toString().includes(orderId));

async function tell(order: Order): Promise<void> {
  const { tenantId, ...data } = order;
  await platform.ticketApi.send(orderReserved, tenantId, data);
  await eventually(async () => {
    const rows = await platform.database.asOwner('select from owed_orders where order_id = $1', [order.orderId]);
    expect(rows).toHaveLength(1);
  });
}

async function tellOfItsEnd(order: Order, how: 'cancelled' | 'confirmed'): Promise<void> {
  const { tenantId, orderId, event, buyer, items, total } = order;
  if (how === 'cancelled')
    await platform.ticketApi.send(orderCancelled, tenantId, { orderId, event, buyer, reason: 'buyer' });
  else
    await platform.ticketApi.send(orderConfirmed, tenantId, {
      orderId,
      event,
      buyer,
      items,
      total,
      how: 'desk',
      ticketIds: [],
    });
  await eventually(async () => {
    const rows = await platform.database.asOwner(
      'select from owed_orders where order_id = $1 and closed_at is not null',
      [orderId],
    );
    expect(rows).toHaveLength(1);
  });
}

describe('the link', () => {
  it.each([
    ['no signature', ''],
    ['a wrong signature', 'x'.repeat(43)],
    [
      'the signature of another secret',
      signatureOf('0197e6a0-0000-7000-8000-000000000001', 'another secret altogether'),
    ],
  ])('with %s is 404, whatever the order', async (_, signature) => {
    const order = platform.order();
    const answer = await platform.visit(order.orderId, { signature });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not-found' });
    expect(await platform.payments(order.orderId)).toEqual([]);
  });

  it('leads to the provider, tells it nothing of where the buyer came from, and is kept by nobody', async () => {
    const order = platform.order();
    const answer = await platform.visit(order.orderId);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toContain(`${platform.simulator.url}/simulator/checkout/cs_test_`);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('creates nothing for HEAD', async () => {
    const order = platform.order();
    const answer = await platform.visit(order.orderId, { method: 'HEAD' });
    expect(answer.status).toBe(204);
    expect(await platform.payments(order.orderId)).toEqual([]);
    expect((await platform.visit(order.orderId, { method: 'HEAD', signature: 'wrong' })).status).toBe(404);
  });

  it('answers HEAD with the status that GET is refused with', async () => {
    const head = async (order: Order) => (await platform.visit(order.orderId, { method: 'HEAD' })).status;
    const [unknown, cancelled, paid] = [platform.order(), platform.order(), platform.order()];
    platform.ticketApi.orders.delete(unknown.orderId);
    expect(await head(unknown)).toBe(404);
    platform.ticketApi.orders.get(cancelled.orderId)!.status = 'cancelled';
    expect(await head(cancelled)).toBe(410);
    await platform.checkout(paid.orderId);
    expect(await head(paid)).toBe(204);
    await platform.database.asOwner(`update payments set status = 'failed' where order_id = $1`, [paid.orderId]);
    expect(await head(paid)).toBe(410);
  });
});

describe('the session', () => {
  it('is what is owed, and names order, payment and tenant', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const [payment] = await platform.payments(order.orderId);
    const session = await platform
      .dashboard()
      .checkout.sessions.retrieve(payment!.session_id, { expand: ['line_items'] });
    expect(session).toMatchObject({
      amount_total: 9000,
      currency: 'eur',
      line_items: { data: [{ description: 'Night of the Proms – Standing', quantity: 2, amount_total: 9000 }] },
      client_reference_id: order.orderId,
      customer_email: 'ada@buyers.example',
      allowed_payment_method_types: ['card'],
      metadata: { order_id: order.orderId, payment_id: payment!.id, tenant_id: order.tenantId },
    });
    expect(session.expires_at - session.created).toBeGreaterThan(30 * 60);
  });

  it.each(['by message', 'by the call'])(
    "says when the hold ends on the event's clock, if the order came %s",
    async (how) => {
      const order = platform.order();
      if (how === 'by message') await tell(order);
      const page = await (await fetch(await platform.checkout(order.orderId))).text();
      const inBerlin = { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' } as const;
      const end = new Date(order.expiresAt).toLocaleTimeString('en-GB', inBerlin);
      expect(page).toContain(`Your tickets are held until ${end} (`);
    },
  );

  it('is told to ticket-api once', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    await platform.checkout(order.orderId);
    const [payment] = await platform.payments(order.orderId);
    const message = {
      type: 'payment.opened.v1',
      tenantId: order.tenantId,
      data: { orderId: order.orderId, paymentId: payment!.id },
    };
    await eventually(() => expect(platform.ticketApi.heardOf(order.orderId)).toMatchObject([message]));
  });

  it('is opened again, not a second time', async () => {
    const order = platform.order();
    const first = await platform.checkout(order.orderId);
    expect(await platform.checkout(order.orderId)).toBe(first);
    expect(sessionsAsked(order.orderId)).toHaveLength(1);
  });

  it('hard case 8: is one, also when twenty open it at once', async () => {
    const order = platform.order();
    const pages = await Promise.all(Array.from({ length: 20 }, () => platform.checkout(order.orderId)));
    expect(new Set(pages).size).toBe(1);
    expect(await platform.payments(order.orderId)).toHaveLength(1);
    expect(sessionsAsked(order.orderId)).toHaveLength(1);
  });

  it('hard case 9: is the one that was made when its answer was lost: the same question is asked again', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'mute';
    const lost = await platform.visit(order.orderId);
    expect(lost.status).toBe(503);
    expect(lost.headers.get('retry-after')).toBeTruthy();
    expect(await lost.json()).toMatchObject({ code: 'service-unavailable' });

    await platform.providerAnswers();
    await platform.checkout(order.orderId);
    const asked = sessionsAsked(order.orderId);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(asked.map(({ body }) => body.toString())).size).toBe(1);
    const all = await platform.dashboard().checkout.sessions.list({ limit: 100 });
    expect(all.data.filter((session) => session.client_reference_id === order.orderId)).toHaveLength(1);
  });

  it('waits while the provider is away: 503, and the next visit opens it', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'away';
    expect((await platform.visit(order.orderId)).status).toBe(503);
    await platform.providerAnswers();
    expect((await platform.visit(order.orderId)).status).toBe(303);
  });

  it('is asked for anew when the first question has become too old to be taken', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'away';
    await platform.visit(order.orderId);
    const outdated = `update payments set parameters = jsonb_set(parameters::jsonb, '{expires_at}', '1000')::json where order_id = $1`;
    await platform.database.asOwner(outdated, [order.orderId]);
    await platform.providerAnswers();
    await platform.checkout(order.orderId);
    const payments = await platform.payments(order.orderId);
    expect(payments.map(({ status }) => status)).toEqual(['refused', 'open']);
  });

  it('hard case 29: is never sent to the provider for a price that it cannot express', async () => {
    const order = platform.order({ currency: 'KWD', total: 2468 });
    expect((await platform.visit(order.orderId)).status).toBe(503);
    expect(sessionsAsked(order.orderId)).toEqual([]);
  });
});

describe('an order that', () => {
  it('hard case 41: was never told of is asked for at ticket-api', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    expect(await platform.payments(order.orderId)).toMatchObject([{ status: 'open', user_id: order.buyer.id }]);
  });

  it('nobody knows is 404', async () => {
    const order = platform.order();
    platform.ticketApi.orders.delete(order.orderId);
    expect((await platform.visit(order.orderId)).status).toBe(404);
  });

  it.each(['confirmed', 'expired', 'cancelled', 'refunded'])('is %s is 410', async (status) => {
    const order = platform.order();
    platform.ticketApi.orders.get(order.orderId)!.status = status;
    const answer = await platform.visit(order.orderId);
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: 'gone' });
  });

  it('hard case 41: is told of twice is known once, and keeps its first price', async () => {
    const order = platform.order();
    await tell(order);
    await tell({ ...order, total: { amount: 1, currency: 'EUR' } });
    await platform.checkout(order.orderId);
    const [payment] = await platform.payments(order.orderId);
    expect(payment).toMatchObject({ amount: 9000 });
  });

  it('has been paid gets no second session while ticket-api has not heard of it', async () => {
    const order = platform.order();
    const page = await platform.checkout(order.orderId);
    await platform.simulator.press(page, 'pay');
    await eventually(async () => expect((await platform.visit(order.orderId)).status).toBe(410));
    expect(await platform.payments(order.orderId)).toHaveLength(1);
  });
});

describe('a browser', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it('that opens the link of a paid order reads so in words, with the way to the order', async () => {
    const order = platform.order();
    await platform.simulator.press(await platform.checkout(order.orderId), 'pay');
    const answer = await eventually(async () => {
      const given = await platform.visit(order.orderId, { headers: browser });
      expect(given.status).toBe(410);
      return given;
    });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('vary')).toBe('accept');
    const page = await answer.text();
    expect(page).toContain('This order has been paid.');
    expect(page).toContain(`<a href="http://localhost:3000/api/v1/orders/${order.orderId}">`);
    expect((await platform.visit(order.orderId)).headers.get('content-type')).toContain('application/problem+json');
  });

  it.each(['expired', 'cancelled'])(
    'that opens the link of an order that is %s is not told that it is paid',
    async (status) => {
      const order = platform.order();
      await platform.checkout(order.orderId);
      platform.ticketApi.orders.get(order.orderId)!.status = status;
      const answer = await platform.visit(order.orderId, { headers: browser });
      expect(answer.status).toBe(410);
      const page = await answer.text();
      expect(page).toContain('not to be paid any more');
      expect(page).not.toMatch(/http-equiv|payments\/checkout/);
    },
  );

  it('is told of what passes on a page of its own, with the time to wait', async () => {
    const order = platform.order();
    platform.stripeApi.traffic = () => 'away';
    const answer = await platform.visit(order.orderId, { headers: browser });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
  });

  it('is redirected to the payment page as everybody is, and shown nothing without the signature', async () => {
    const order = platform.order();
    expect((await platform.visit(order.orderId, { headers: browser })).status).toBe(303);
    platform.ticketApi.orders.get(order.orderId)!.status = 'expired';
    const answer = await platform.visit(order.orderId, { headers: browser, signature: 'wrong' });
    expect(answer.status).toBe(404);
  });
});

describe('while ticket-api is away', () => {
  it('what it told us of the order counts', async () => {
    const order = platform.order();
    await tell(order);
    platform.ticketApi.isAway = true;
    expect((await platform.visit(order.orderId)).status).toBe(303);
  });

  it('an order of which we have not heard is 503, to be tried again', async () => {
    const order = platform.order();
    platform.ticketApi.isAway = true;
    const answer = await platform.visit(order.orderId);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
  });

  it('an order whose hold has ended by the clock is 410', async () => {
    const order = platform.order({ holdSeconds: -1 });
    await tell(order);
    platform.ticketApi.isAway = true;
    expect((await platform.visit(order.orderId)).status).toBe(410);
  });

  it.each(['cancelled', 'confirmed'] as const)(
    'an order that was %s is 410, also when its end was told first',
    async (how) => {
      const order = platform.order();
      await tellOfItsEnd(order, how);
      await tell(order);
      platform.ticketApi.isAway = true;
      expect((await platform.visit(order.orderId)).status).toBe(410);
    },
  );
});

describe('the page that the buyer comes back to', () => {
  it('says how the payment stands', async () => {
    const order = platform.order();
    const read = async (outcome = '') => (await platform.visit(order.orderId, { path: '/return', outcome })).text();
    expect(await read()).toContain('Nothing to pay');
    const page = await platform.checkout(order.orderId);
    const open = await read();
    expect(open).toContain('no payment from you yet');
    expect(open).toContain(`/api/v1/payments/checkout/${order.orderId}?signature=${signatureOf(order.orderId)}`);
    platform.webhooks.traffic = () => 'hold';
    await platform.simulator.press(page, 'pay');
    const paid = await read('success');
    expect(paid).toContain('We are checking your payment');
    expect(paid).toContain('http-equiv="refresh" content="1"');
    expect(paid).not.toContain('href');
    expect(await read('whatever')).toContain('no payment from you yet');
    platform.webhooks.traffic = () => 'pass';
    await platform.database.asOwner('update payments set close_due_at = now() where order_id = $1', [order.orderId]);
    await eventually(async () => expect(await read('success')).toContain('Your payment has arrived'));
  });

  it('is where the provider sends the buyer, and opens with its signature only', async () => {
    const order = platform.order();
    await platform.checkout(order.orderId);
    const [payment] = await platform.payments(order.orderId);
    const { success_url, cancel_url } = await platform.dashboard().checkout.sessions.retrieve(payment!.session_id);
    const address = `http://localhost:3000/api/v1/payments/checkout/${order.orderId}/return?signature=${signatureOf(order.orderId)}`;
    expect([success_url, cancel_url]).toEqual([`${address}&outcome=success`, address]);
    expect((await platform.visit(order.orderId, { path: '/return', signature: 'wrong' })).status).toBe(404);
  });
});
