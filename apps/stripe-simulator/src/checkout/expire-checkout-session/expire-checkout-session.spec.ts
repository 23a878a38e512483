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

const create = async () => (await stripe.checkout.sessions.create(order())).id;
const timeIsOver = (id: string) =>
  simulator.database.asOwner('update checkout_session set expires_at = unix_now() where id = $1', [id]);

describe('expiring a Checkout Session', () => {
  it('ends an open one and tells which request did it', async () => {
    const id = await create();
    const expired = await stripe.checkout.sessions.expire(id, {}, { idempotencyKey: 'expire-1' });
    expect(expired).toMatchObject({ id, status: 'expired', url: null });
    expect(await simulator.receiver.waitFor('checkout.session.expired', { id })).toMatchObject({
      request: { id: expired.lastResponse.requestId, idempotency_key: 'expire-1' },
      data: { object: { id } },
    });
  });

  it.each([
    ['complete', 'pay'],
    ['expired', 'expire'],
  ] as const)('refuses one that is %s', async (status, button) => {
    const id = await create();
    await simulator.press(id, button);
    await expect(stripe.checkout.sessions.expire(id)).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'invalid_request_error',
      message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${status}\`.`,
    });
  });

  it('loses or wins against a payment at the same moment, never both', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, create));
    await Promise.all(
      ids.flatMap((id) => [simulator.press(id, 'pay'), stripe.checkout.sessions.expire(id).catch(() => undefined)]),
    );
    for (const id of ids) {
      const { status, payment_status } = await stripe.checkout.sessions.retrieve(id);
      expect(['complete paid', 'expired unpaid']).toContain(`${status} ${payment_status}`);
    }
  });

  it('happens by itself when the time is over', async () => {
    const id = await create();
    await timeIsOver(id);
    const event = await simulator.receiver.waitFor('checkout.session.expired', { id });
    expect(event).toMatchObject({ data: { object: { id, status: 'expired' } }, request: { id: null } });
  });

  it('leaves no grace: nobody pays after the time is over', async () => {
    const id = await create();
    await timeIsOver(id);
    expect(await simulator.press(id, 'pay')).toEqual({ status: 303, location: `/simulator/checkout/${id}` });
    expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'expired', payment_status: 'unpaid' });
  });
});
