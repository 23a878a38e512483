import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { Simulator } from './crash-points/simulator.js';
import { audit, auditEnvironmentOf } from './support/audit.js';
import { eventually } from './support/client.js';
import { pay } from './support/payment-page.js';
import { mailTo, person, verifyEmail, type Person } from './support/people.js';
import { available, expecting, placeOrder, sale, type Sale } from './support/sale.js';

describe('an event that is sold out', () => {
  let platform: Platform;
  let selling: Sale;
  let simulator: Simulator;

  beforeAll(async () => {
    platform = await startPlatform({ environment: { MAX_HOLDS_PER_BUYER: '0' } });
    simulator = new Simulator(platform);
    selling = await sale(platform, { capacity: 2 });
    const switches = { waitingList: true, resaleAllowed: true };
    await expecting(200, selling.organizer.client, 'PATCH', `/events/${selling.eventId}`, switches);
  });
  afterAll(() => platform?.remove());

  const read = (who: Person, id: string) => expecting(200, who.client, 'GET', `/orders/${id}`);
  const become = (who: Person, id: string, status: string) =>
    eventually(
      `order ${status}`,
      () => read(who, id),
      (order) => order.status === status,
      60_000,
    );
  async function bought(who: Person): Promise<any> {
    const order = await placeOrder(who, selling);
    await pay(order.checkoutUrl);
    return become(who, order.id, 'confirmed');
  }
  async function waiting(name: string): Promise<Person> {
    const who = await person(platform, name);
    await verifyEmail(platform, who);
    await expecting(
      201,
      who.client,
      'POST',
      `/events/${selling.eventId}/ticket-types/${selling.typeId}/waiting-list`,
      {},
    );
    return who;
  }
  const entryOf = async (who: Person) => (await expecting(200, who.client, 'GET', '/waiting-list')).data[0];
  const offered = (who: Person) =>
    eventually(
      'the offer',
      () => entryOf(who),
      ({ status }) => status === 'offered',
      30_000,
    );
  const sums = async (orderId: string) => (await simulator.sumsOf(orderId))[0];

  it('what a buyer gives back is offered to the first who waits, who gets the mail, pays and has the ticket', async () => {
    const [ada, bob] = [await person(platform), await person(platform)];
    const order = await bought(ada);
    await bought(bob);
    const [first, second] = [await waiting('Wanda'), await waiting('Walt')];
    await expecting(202, ada.client, 'POST', `/orders/${order.id}/refund`);
    expect(await available(ada.client, selling)).toBe(0);
    const { offer } = await offered(first);
    expect((await entryOf(second)).position).toBe(1);
    const mail = await mailTo(platform, first.email, /held for you/);
    expect(mail.text).toContain(offer.checkoutUrl);
    await pay(offer.checkoutUrl);
    expect((await become(first, offer.orderId, 'confirmed')).tickets).toHaveLength(1);
    expect((await entryOf(first)).status).toBe('bought');
    await expecting(204, second.client, 'DELETE', `/waiting-list/${(await entryOf(second)).id}`);
  });

  it("a ticket that is given back for resale: the seller's money returns only when the new buyer has paid", async () => {
    const extra = await expecting(200, selling.organizer.client, 'GET', `/events/${selling.eventId}`);
    const { capacity } = extra.ticketTypes[0];
    const path = `/events/${selling.eventId}/ticket-types/${selling.typeId}`;
    await expecting(200, selling.organizer.client, 'PATCH', path, { capacity: capacity + 1 });
    const seller = await person(platform, 'Sela');
    const order = await bought(seller);
    const [{ id: ticketId }] = order.tickets;
    await expecting(201, seller.client, 'POST', `/tickets/${ticketId}/resale`);
    await mailTo(platform, seller.email, /up for resale/);

    // Somebody holds it and lets it go: nothing has moved.
    const other = await person(platform);
    const abandoned = await placeOrder(other, selling);
    expect((await seller.client.send('DELETE', `/tickets/${ticketId}/resale`)).body.code).toBe('resale-under-way');
    await expecting(200, other.client, 'POST', `/orders/${abandoned.id}/cancel`);
    await expecting(200, seller.client, 'DELETE', `/tickets/${ticketId}/resale`);
    expect((await expecting(200, seller.client, 'GET', `/tickets/${ticketId}`)).status).toBe('valid');
    expect(await sums(order.id)).toMatchObject({ paid: 4500, refunded: 0 });

    await expecting(201, seller.client, 'POST', `/tickets/${ticketId}/resale`);
    const held = await placeOrder(other, selling);
    expect(await read(seller, order.id)).toMatchObject({ status: 'confirmed', refundPending: { amount: 0 } });
    await pay(held.checkoutUrl);
    await become(other, held.id, 'confirmed');
    await become(seller, order.id, 'refunded');
    const refunded = await eventually(
      'the money',
      () => read(seller, order.id),
      (one) => one.refunded.amount === 4500,
    );
    expect(refunded.tickets[0].status).toBe('void');
    expect(await sums(order.id)).toMatchObject({ paid: 4500, refunded: 4500 });
    await mailTo(platform, seller.email, /refund/i);
    const { data } = await expecting(200, seller.client, 'GET', `/orders/${order.id}/timeline`);
    const steps = data.map(({ step }: { step: string }) => step);
    expect(steps).toEqual(
      expect.arrayContaining(['ticket-listed', 'listing-ended', 'ticket-resold', 'refund-requested']),
    );
  });

  it('hard case 44: ticket-api and payment-service are killed between the payment and the seller’s refund: it is made, once', async () => {
    const [seller, other] = [await person(platform), await person(platform)];
    const path = `/events/${selling.eventId}/ticket-types/${selling.typeId}`;
    const { ticketTypes } = await expecting(200, selling.organizer.client, 'GET', `/events/${selling.eventId}`);
    await expecting(200, selling.organizer.client, 'PATCH', path, { capacity: ticketTypes[0].capacity + 1 });
    const order = await bought(seller);
    await expecting(201, seller.client, 'POST', `/tickets/${order.tickets[0].id}/resale`);
    const held = await placeOrder(other, selling);
    await pay(held.checkoutUrl);
    await Promise.all([platform.kill('ticket-api'), platform.kill('payment-service')]);
    await become(other, held.id, 'confirmed');
    await become(seller, order.id, 'refunded');
    await eventually(
      'the money',
      () => read(seller, order.id),
      (one) => one.refunded.amount === 4500,
      60_000,
    );
    expect(await sums(order.id)).toMatchObject({ paid: 4500, refunded: 4500 });
  });

  it('every invariant holds after all of it', async () => {
    const { code, said } = await audit(auditEnvironmentOf(platform), '--at-rest');
    expect({ code, said }).toMatchObject({ code: 0 });
  });
});
