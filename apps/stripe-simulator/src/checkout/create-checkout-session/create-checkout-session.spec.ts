import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { order, SimulatorUnderTest } from '../../testing/simulator-under-test.js';

let simulator: SimulatorUnderTest;
let stripe: Stripe;

beforeAll(async () => {
  simulator = await SimulatorUnderTest.open();
  stripe = simulator.stripe();
});
afterAll(() => simulator.close());

const now = () => Math.floor(Date.now() / 1000);
const line = (changes: object, quantity = 1): Stripe.Checkout.SessionCreateParams.LineItem => ({
  quantity,
  price_data: { currency: 'eur', unit_amount: 4500, product_data: { name: 'Standing' }, ...changes },
});

describe('creating a Checkout Session', () => {
  it('keeps what the shop says and waits for the buyer', async () => {
    const session = await stripe.checkout.sessions.create(
      order({
        client_reference_id: 'order-1',
        customer_email: 'buyer@shop.example',
        metadata: { order_id: 'order-1', nothing: '' },
        payment_intent_data: { metadata: { order_id: 'order-1' } },
        allowed_payment_method_types: ['card'],
      }),
    );
    expect(session).toMatchObject({
      object: 'checkout.session',
      livemode: false,
      mode: 'payment',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 9000,
      currency: 'eur',
      client_reference_id: 'order-1',
      customer_email: 'buyer@shop.example',
      metadata: { order_id: 'order-1' },
      payment_intent: null,
      allowed_payment_method_types: ['card'],
      payment_method_types: ['card'],
      success_url: 'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}',
      url: `${simulator.url}/simulator/checkout/${session.id}`,
    });
    expect(session.id).toMatch(/^cs_test_\w{58}$/);
    expect(session.lastResponse.requestId).toMatch(/^req_/);
  });

  it('lives for 24 hours unless the shop wants less', async () => {
    const session = await stripe.checkout.sessions.create(order());
    expect(session.expires_at - session.created).toBe(24 * 3600);
    const soon = now() + 31 * 60;
    expect((await stripe.checkout.sessions.create(order({ expires_at: soon }))).expires_at).toBe(soon);
  });

  it.each([
    ['less than 30 minutes', 29 * 60, 'at least 30 minutes'],
    ['more than 24 hours', 25 * 3600, 'less than 24 hours'],
  ])('refuses a life of %s', async (_name, seconds, message) => {
    const refused = stripe.checkout.sessions.create(order({ expires_at: now() + seconds }));
    await expect(refused).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      param: 'expires_at',
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, object]>([
    ['under the smallest charge', { line_items: [line({ unit_amount: 49 })] }, { code: 'amount_too_small' }],
    ['of nothing', { line_items: [line({ unit_amount: 0 })] }, { code: 'amount_too_small' }],
    ['over the largest charge', { line_items: [line({ unit_amount: 99_999_999 }, 2)] }, { code: 'amount_too_large' }],
    [
      'in a currency that does not exist',
      { line_items: [line({ currency: 'xyz' })] },
      { param: 'line_items[0][price_data][currency]' },
    ],
    ['in two currencies', { line_items: [line({}), line({ currency: 'usd' })] }, { param: 'line_items' }],
    [
      'that no card can carry in dinars',
      { line_items: [line({ currency: 'kwd', unit_amount: 5124 })] },
      { param: 'line_items[0][price_data][unit_amount]' },
    ],
  ])('refuses a total %s', async (_name, changes, error) => {
    await expect(stripe.checkout.sessions.create(order(changes))).rejects.toMatchObject({ statusCode: 400, ...error });
  });

  it('counts yen as yen', async () => {
    const session = await stripe.checkout.sessions.create(
      order({ line_items: [line({ currency: 'jpy', unit_amount: 50 })] }),
    );
    expect(session).toMatchObject({ amount_total: 50, currency: 'jpy' });
    expect((await simulator.page(session.id)).text).toContain('Pay ¥50');
  });

  it.each<[string, object, object]>([
    ['unknown', { tip: 'generous' }, { code: 'parameter_unknown', param: 'tip' }],
    ['gone from the API', { payment_method_types: ['card'] }, { code: 'parameter_unknown' }],
    [
      'unknown deep inside',
      { line_items: [{ ...line({}), colour: 'red' }] },
      { code: 'parameter_unknown', param: 'line_items[0][colour]' },
    ],
    ['missing', { success_url: undefined }, { code: 'parameter_missing', param: 'success_url' }],
    [
      'missing deep inside',
      { line_items: [line({ unit_amount: undefined })] },
      { code: 'parameter_missing', param: 'line_items[0][price_data][unit_amount]' },
    ],
    ['empty', { success_url: '' }, { code: 'parameter_invalid_empty', param: 'success_url' }],
    ['no address', { success_url: 'shop' }, { code: 'url_invalid', param: 'success_url' }],
    ['no e-mail', { customer_email: 'nobody' }, { code: 'email_invalid', param: 'customer_email' }],
    ['no integer', { expires_at: 'soon' }, { code: 'parameter_invalid_integer', param: 'expires_at' }],
    ['no quantity', { line_items: [line({}, 0)] }, { code: 'parameter_invalid_integer' }],
    ['of another mode', { mode: 'subscription' }, { param: 'mode' }],
    ['too long', { client_reference_id: 'x'.repeat(201) }, { param: 'client_reference_id' }],
    ['too much metadata', { metadata: { note: 'x'.repeat(501) } }, { param: 'metadata[note]' }],
    ['no hash', { metadata: 'note' }, { param: 'metadata' }],
  ])('refuses a parameter that is %s', async (_name, changes, error) => {
    const parameters = { ...order(), ...changes } as Stripe.Checkout.SessionCreateParams;
    await expect(stripe.checkout.sessions.create(parameters)).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'invalid_request_error',
      ...error,
    });
  });
});
