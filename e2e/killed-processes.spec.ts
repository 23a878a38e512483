import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { eventually } from './support/client.js';
import { openPaymentPage } from './support/payment-page.js';
import { mailTo, person, type Person } from './support/people.js';
import { available, expecting, sale, type Sale } from './support/sale.js';

const SERVICES = [
  'api-gateway',
  'ticket-api',
  'payment-service',
  'notification-service',
  'stripe-simulator',
  'mailbox',
];

/** As a patient client does: what was not answered, or answered 503, is asked again, with the same key. */
const patiently = <T>(what: string, ask: () => Promise<T>) => eventually(what, ask, () => true, 30_000);

describe('a killed process in the middle of a purchase', () => {
  let platform: Platform;
  let selling: Sale;
  let buyer: Person;

  beforeAll(async () => {
    platform = await startPlatform({ environment: { MAX_HOLDS_PER_BUYER: '0' } });
    selling = await sale(platform);
    buyer = await person(platform);
  });
  afterAll(() => platform?.remove());

  async function buy(killAt: { reserve?: string; checkout?: string; pay?: string }): Promise<any> {
    const kill = async (service: string | undefined) => service && (await platform.kill(service));
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: 1 }] };
    const key = { 'idempotency-key': `kill-${JSON.stringify(killAt)}` };
    const reserving = kill(killAt.reserve);
    const order = await patiently('the reservation', () => expecting(201, buyer.client, 'POST', '/orders', wish, key));
    await reserving;
    await kill(killAt.checkout);
    const page = await patiently('the payment page', () => openPaymentPage(order.checkoutUrl));
    const paying = kill(killAt.pay);
    await patiently('the payment', async () => {
      const answer = await fetch(`${page}/pay`, { method: 'POST', redirect: 'manual' });
      if (answer.status !== 303) throw new Error(String(answer.status));
    });
    await paying;
    return eventually(
      'the confirmation',
      () => expecting(200, buyer.client, 'GET', `/orders/${order.id}`),
      (one) => one.status === 'confirmed',
      60_000,
    );
  }

  it.each(SERVICES)('%s dies while it is paid: the order ends with its tickets and its mail', async (service) => {
    const before = await available(buyer.client, selling);
    const order = await buy({ pay: service });
    expect(order.tickets).toHaveLength(1);
    expect(await available(buyer.client, selling)).toBe(before - 1);
    await mailTo(platform, buyer.email, /ticket/i);
  });

  it.each(['api-gateway', 'ticket-api', 'payment-service'])(
    '%s dies while it is reserved and before the payment page opens',
    async (service) => {
      const before = await available(buyer.client, selling);
      const order = await buy({ reserve: service, checkout: service });
      expect(order.tickets).toHaveLength(1);
      expect(await available(buyer.client, selling)).toBe(before - 1);
    },
  );

  it('all of it is cut off at once: every order is there after the next start', async () => {
    const { data: before } = await expecting(200, buyer.client, 'GET', '/orders?limit=100');
    const left = await available(buyer.client, selling);
    await platform.crash();
    await platform.start();
    const { client } = buyer;
    const { data: after } = await patiently('the orders', () =>
      expecting(200, client.moved(platform.api), 'GET', '/orders?limit=100'),
    );
    expect(after).toEqual(before);
    expect(await available(client.moved(platform.api), selling)).toBe(left);
  });
});
