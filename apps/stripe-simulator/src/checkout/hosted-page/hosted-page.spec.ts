import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { order, SimulatorUnderTest } from '../../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;
let id: string;
let metadata: { order_id: string };

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
  stripe = simulator.stripe();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  metadata = { order_id: randomUUID() };
  id = (await stripe.checkout.sessions.create(order({ metadata, payment_intent_data: { metadata } }))).id;
});

const session = () => stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });
const thanks = () => `https://shop.example/thanks?session=${id}`;
const page = () => `/simulator/checkout/${id}`;

describe('the hosted page', () => {
  it('shows what is bought, the total and that this is a test', async () => {
    const { status, headers, text } = await simulator.page(id);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const part of ['Standing', '€90.00', 'Test mode', '<html lang="en">', '<caption>'])
      expect(text).toContain(part);
    for (const button of ['pay', 'decline', 'fail', 'expire'])
      expect(text).toContain(`<form method="post" action="${page()}/${button}">`);
  });

  it("shows the shop's own words, and not when the session ends", async () => {
    const custom_text = { submit: { message: 'Held until <18:05>.' }, after_submit: { message: 'Thanks for coming.' } };
    const created = await stripe.checkout.sessions.create(order({ custom_text }));
    expect(created.custom_text).toMatchObject({ ...custom_text, shipping_address: null });
    const { text } = await simulator.page(created.id);
    expect(text).toMatch(/<p>Held until &lt;18:05&gt;\.<\/p>[^]*class="pay"[^]*<p>Thanks for coming\.<\/p>/);
    expect(text).not.toMatch(/ left to pay/);
    const tooLong = order({ custom_text: { submit: { message: 'x'.repeat(1201) } } });
    await expect(stripe.checkout.sessions.create(tooLong)).rejects.toMatchObject({
      param: 'custom_text[submit][message]',
    });
  });

  it('shows markup in names as text and lets nothing run', async () => {
    const { headers, text } = await simulator.page(id);
    expect(text).toContain('Standing &lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt;');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
  });

  it('allows its own style and no other', async () => {
    const { headers, text } = await simulator.page(id);
    const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  });

  it('is a page also where there is no session', async () => {
    expect(await simulator.page('cs_test_none')).toMatchObject({
      status: 404,
      text: expect.stringContaining('no checkout with this address'),
    });
    expect(await simulator.press('cs_test_none', 'pay')).toMatchObject({ status: 404 });
  });
});

describe('paying', () => {
  it('completes the session, brings the money and leads to the shop', async () => {
    expect(await simulator.press(id, 'pay')).toEqual({ status: 303, location: thanks() });
    expect(await session()).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      payment_intent: {
        status: 'succeeded',
        amount_received: 9000,
        metadata,
        latest_charge: { paid: true, amount_captured: 9000, amount_refunded: 0 },
      },
    });
  });

  it('leads to addresses with letters that a header cannot carry', async () => {
    const created = await stripe.checkout.sessions.create(order({ success_url: 'https://shop.example/dank/Grüße' }));
    expect(await simulator.press(created.id, 'pay')).toEqual({
      status: 303,
      location: 'https://shop.example/dank/Gr%C3%BC%C3%9Fe',
    });
  });

  it('is told by signed webhooks', async () => {
    await simulator.press(id, 'pay');
    const completed = await simulator.receiver.waitFor('checkout.session.completed', { metadata });
    const succeeded = await simulator.receiver.waitFor('payment_intent.succeeded', { metadata });
    expect(completed).toMatchObject({
      object: 'event',
      api_version: '2026-10-28.endive',
      livemode: false,
      pending_webhooks: 1,
      data: { object: { id, payment_status: 'paid', metadata } },
    });
    expect(succeeded.data.object.id).toBe(completed.data.object.payment_intent);
  });

  it('happens once, however often and at once the button is pressed', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => simulator.press(id, 'pay')));
    expect(new Set(answers.map(({ location }) => location))).toEqual(new Set([thanks()]));
    const intent = String((await stripe.checkout.sessions.retrieve(id)).payment_intent);
    const charges = await simulator.database.asOwner('select id from charge where payment_intent = $1', [intent]);
    expect(charges).toHaveLength(1);
    const events = await stripe.events.list({ type: 'checkout.session.completed' });
    expect(events.data.filter((event) => (event.data.object as { id: string }).id === id)).toHaveLength(1);
  });

  it('cannot be undone by another button', async () => {
    await simulator.press(id, 'pay');
    for (const button of ['decline', 'fail', 'expire'] as const)
      expect(await simulator.press(id, button)).toEqual({ status: 303, location: thanks() });
    expect(await session()).toMatchObject({ status: 'complete', payment_status: 'paid' });
    expect((await simulator.page(id)).text).toContain('Payment complete');
  });
});

describe('a declined card', () => {
  it('leaves the session open for another try, and the page says so', async () => {
    expect(await simulator.press(id, 'decline')).toEqual({ status: 303, location: page() });
    expect((await simulator.page(id)).text).toContain('<p class="alert" role="alert">Your card was declined.');
    expect(await session()).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' },
      },
    });
    expect((await simulator.receiver.waitFor('payment_intent.payment_failed', { metadata })).data.object).toMatchObject(
      {
        metadata,
        last_payment_error: { code: 'card_declined' },
      },
    );
  });

  it('can be followed by a good one', async () => {
    await simulator.press(id, 'decline');
    await simulator.press(id, 'decline');
    await simulator.press(id, 'pay');
    expect(await session()).toMatchObject({
      payment_status: 'paid',
      payment_intent: { status: 'succeeded', last_payment_error: null },
    });
  });
});

describe('a payment that fails for good', () => {
  it('completes the session unpaid and then says that no money comes', async () => {
    expect(await simulator.press(id, 'fail')).toEqual({ status: 303, location: thanks() });
    expect(await session()).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: { status: 'requires_payment_method', amount_received: 0 },
    });
    const failed = await simulator.receiver.waitFor('checkout.session.async_payment_failed', { metadata });
    expect(failed.data.object).toMatchObject({ id, status: 'complete', payment_status: 'unpaid' });
    await simulator.receiver.waitFor('checkout.session.completed', { metadata });
    expect((await simulator.page(id)).text).toContain('The payment failed');
  });

  it('is final', async () => {
    await simulator.press(id, 'fail');
    expect(await simulator.press(id, 'pay')).toMatchObject({ status: 303 });
    expect(await session()).toMatchObject({ payment_status: 'unpaid' });
  });
});

describe('letting the page expire', () => {
  it('ends the session', async () => {
    expect(await simulator.press(id, 'expire')).toEqual({ status: 303, location: page() });
    expect(await session()).toMatchObject({ status: 'expired', payment_status: 'unpaid', payment_intent: null });
    expect((await simulator.receiver.waitFor('checkout.session.expired', { metadata })).data.object.id).toBe(id);
    expect((await simulator.page(id)).text).toContain('This checkout has expired');
  });

  it('is final', async () => {
    await simulator.press(id, 'expire');
    expect(await simulator.press(id, 'pay')).toEqual({ status: 303, location: page() });
    expect(await session()).toMatchObject({ status: 'expired', payment_status: 'unpaid' });
  });
});
