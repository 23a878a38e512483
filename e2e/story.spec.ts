import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { Simulator } from './crash-points/simulator.js';
import { Client, eventually } from './support/client.js';
import { openPaymentPage, pay, press } from './support/payment-page.js';
import { mailsTo, mailTo, person, verifyEmail, type Person } from './support/people.js';
import { available, expecting, placeOrder, sale, type Sale } from './support/sale.js';

describe('the main job, through the whole house', () => {
  let platform: Platform;
  let selling: Sale;
  let buyer: Person;
  let scanner: Person;
  let order: any;

  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform?.remove());

  it('an organizer publishes an event and a scanner accepts the invitation', async () => {
    selling = await sale(platform);
    [buyer, scanner] = [await person(platform, 'Bożena Kupująca'), await person(platform, 'Sam Scanner')];
    const { client } = selling.organizer;
    await expecting(201, client, 'POST', `/organizations/${selling.organizationId}/members`, {
      email: scanner.email,
      role: 'scanner',
    });
    await verifyEmail(platform, scanner);
    const mail = await mailTo(platform, scanner.email, /invit/i);
    const invitation = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(mail.text ?? '')?.[0];
    const joined = await expecting(200, scanner.client, 'POST', `/organizations/invitations/${invitation}/accept`);
    expect(joined).toMatchObject({ id: selling.organizationId, role: 'scanner' });
  });

  it('anybody can find the event and what is left of it', async () => {
    const anonymous = new Client(platform.api);
    const list = await expecting(200, anonymous, 'GET', '/events?limit=100');
    expect(list.data.map((event: { id: string }) => event.id)).toContain(selling.eventId);
    const event = await expecting(200, anonymous, 'GET', `/events/${selling.eventId}`);
    expect(event).toMatchObject({
      status: 'published',
      title: 'Łódź Jazz Night',
      ticketTypes: [{ name: 'Standing', available: 100 }],
    });
  });

  it('a reservation holds its tickets and tells where to pay', async () => {
    order = await placeOrder(buyer, selling, 2);
    expect(order).toMatchObject({
      status: 'pending',
      userId: buyer.id,
      total: { amount: 9000, currency: 'EUR' },
      tickets: [],
    });
    expect(Date.parse(order.expiresAt)).toBeGreaterThan(Date.now());
    expect(order.checkoutUrl).toMatch(/^http.*\/api\/v1\/payments\/checkout\//);
    expect(await available(buyer.client, selling)).toBe(98);
  });

  it('paying confirms the order and issues exactly its tickets', async () => {
    const returned = await fetch(await press(await openPaymentPage(order.checkoutUrl), 'pay'));
    expect(await returned.text()).toMatch(/We are checking your payment|Your payment has arrived/);
    order = await eventually(
      'the confirmation',
      () => expecting(200, buyer.client, 'GET', `/orders/${order.id}`),
      (one) => one.status === 'confirmed',
    );
    expect(order).toMatchObject({ checkoutUrl: null, expiresAt: null, refunded: { amount: 0 } });
    expect(order.tickets).toHaveLength(2);
    for (const ticket of order.tickets)
      expect(ticket).toMatchObject({ status: 'valid', holder: { id: buyer.id, name: buyer.name } });
    expect(await available(buyer.client, selling)).toBe(98);
    const payment = await eventually(
      'the payment',
      () => expecting(200, buyer.client, 'GET', `/payments/orders/${order.id}`),
      (one) => one.status === 'succeeded',
    );
    expect(payment).toMatchObject({ charged: { amount: 9000, currency: 'EUR' }, refunded: { amount: 0 } });
  });

  it('the tickets come by mail, with a PDF attached, once', async () => {
    const mail = await mailTo(platform, buyer.email, /ticket/i);
    const pdf = mail.attachments.find((attachment) => attachment.mimeType === 'application/pdf');
    expect(
      Buffer.from(pdf?.content as ArrayBuffer)
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(mail.text).toContain('Łódź Jazz Night');
    expect((await mailsTo(platform, buyer.email)).filter((one) => one.messageId === mail.messageId)).toHaveLength(1);
  });

  it('the holder, and nobody else, gets the code as JSON, SVG and PNG, and the PDF', async () => {
    const [ticket] = order.tickets;
    const json = await expecting(200, buyer.client, 'GET', `/tickets/${ticket.id}/qr?format=json`);
    expect(json.code.length).toBeGreaterThan(80);
    const secondsLeft = (Date.parse(json.expiresAt) - Date.now()) / 1000;
    expect(secondsLeft).toBeGreaterThan(25);
    expect(secondsLeft).toBeLessThan(65);
    const { codes } = await expecting(200, buyer.client, 'GET', `/tickets/${ticket.id}/codes?steps=3`);
    expect(codes).toHaveLength(3);
    const svg = await buyer.client.get(`/tickets/${ticket.id}/qr`);
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    const png = await buyer.client.get(`/tickets/${ticket.id}/qrcode?format=png`);
    expect(png.body.subarray(1, 4).toString()).toBe('PNG');
    const pdf = await buyer.client.get(`/tickets/${ticket.id}/pdf`);
    expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-');
    const stranger = await person(platform);
    expect((await stranger.client.get(`/tickets/${ticket.id}/qr?format=json`)).status).toBe(404);
    expect((await stranger.client.get(`/orders/${order.id}`)).status).toBe(404);
  });

  it('a ticket admits once, and the second scan is told when and where the first was', async () => {
    const [ticket] = order.tickets;
    const later = await expecting(200, buyer.client, 'GET', `/tickets/${ticket.id}/codes?steps=20`);
    const early = await scanner.client.post('/tickets/checkin', { code: later.codes[10].code });
    expect(early).toMatchObject({ status: 409, body: { code: 'code-expired' } });
    const { code } = await expecting(200, buyer.client, 'GET', `/tickets/${ticket.id}/qr?format=json`);
    const valid = await expecting(200, scanner.client, 'POST', `/tickets/${ticket.id}/validate`, { code });
    expect(valid).toMatchObject({ valid: true, ticket: { id: ticket.id } });
    const admitted = await expecting(200, scanner.client, 'POST', '/tickets/checkin', {
      code,
      eventId: selling.eventId,
      gate: 'North',
      scanId: 'scan-1',
    });
    expect(admitted).toMatchObject({ ticketId: ticket.id, status: 'checked_in', gate: 'North' });
    const again = await scanner.client.post(`/tickets/${ticket.id}/checkin`, { code, gate: 'South' });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'already-checked-in', gate: 'North', checkedInAt: admitted.checkedInAt },
    });
    expect(await expecting(200, scanner.client, 'POST', '/tickets/checkin', { code, scanId: 'scan-1' })).toEqual(
      admitted,
    );
    expect((await buyer.client.post('/tickets/checkin', { code })).status).toBe(409);
  });

  it('an unused ticket can be given back: void at once, its stock is back, and the money follows', async () => {
    const [, ticket] = order.tickets;
    const refunding = await buyer.client.send('DELETE', `/tickets/${ticket.id}`);
    expect(refunding.status).toBe(202);
    expect(await available(buyer.client, selling)).toBe(99);
    const { code } = (await buyer.client.get(`/tickets/${ticket.id}/qr?format=json`)).body;
    expect(code).toBe('ticket-void');
    const refunded = await eventually(
      'the refund',
      () => expecting(200, buyer.client, 'GET', `/orders/${order.id}`),
      (one) => one.refunded.amount === 4500,
    );
    expect(refunded).toMatchObject({ status: 'confirmed', refundPending: { amount: 0 } });
    const payment = await expecting(200, buyer.client, 'GET', `/payments/orders/${order.id}`);
    expect(payment).toMatchObject({ status: 'partially-refunded', refunded: { amount: 4500 } });
  });

  it('where is my ticket? The timeline tells all of it, and an organizer has the mail sent again', async () => {
    const read = (client: Client) => expecting(200, client, 'GET', `/orders/${order.id}/timeline`);
    const { data } = await eventually(
      'both mails in the timeline',
      () => read(buyer.client),
      (timeline) => timeline.data.filter(({ step }: { step: string }) => step === 'mail-sent').length === 2,
    );
    const told = (wanted: string[]) =>
      data.map(({ step }: { step: string }) => step).filter((step: string) => wanted.includes(step));
    const money = [
      ...['order-placed', 'checkout-opened', 'payment-succeeded', 'order-confirmed', 'tickets-issued'],
      ...['ticket-checked-in', 'refund-requested', 'refund-succeeded'],
    ];
    expect(told(money)).toEqual(money);
    expect(told(['mail-queued', 'mail-sent']).sort()).toEqual(['mail-queued', 'mail-queued', 'mail-sent', 'mail-sent']);

    const { client } = selling.organizer;
    expect((await buyer.client.post(`/orders/${order.id}/resend-mail`)).status).toBe(403);
    await expecting(202, client, 'POST', `/orders/${order.id}/resend-mail`);
    const mails = await eventually(
      'another mail with the tickets',
      () => mailsTo(platform, buyer.email),
      (all) => all.filter(({ subject }) => /^Your (\d+ )?tickets? for/.test(subject ?? '')).length === 2,
    );
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    const steps = (await read(client)).data;
    expect(steps.find(({ step }: { step: string }) => step === 'mail-requested').detail.by.name).toBe(
      selling.organizer.name,
    );
    expect((await client.post(`/orders/${order.id}/recheck`)).body.code).toBe('nothing-to-recheck');
  });

  it('an order whose webhook was lost is confirmed when an organizer has the provider asked', async () => {
    const tell = (method: string, path: string, body: object) =>
      fetch(`${platform.addresses.simulatorAdmin}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { client } = selling.organizer;
    const waiting = await placeOrder(buyer, selling, 1);
    const page = await openPaymentPage(waiting.checkoutUrl);
    const stepsOf = async (): Promise<string[]> =>
      (await expecting(200, client, 'GET', `/orders/${waiting.id}/timeline`)).data.map(
        ({ step }: { step: string }) => step,
      );
    await eventually('the word of the checkout', stepsOf, (steps) => steps.includes('checkout-opened'));
    expect((await tell('PUT', '/webhooks', { drop: true })).status).toBe(200);
    await press(page, 'pay');
    await expecting(202, client, 'POST', `/orders/${waiting.id}/recheck`);
    await eventually('the confirmation', stepsOf, (steps) => steps.includes('order-confirmed'));
    const wanted = ['checkout-opened', 'recheck-requested', 'payment-succeeded', 'order-confirmed'];
    expect((await stepsOf()).filter((step) => wanted.includes(step))).toEqual(wanted);
    await tell('POST', '/reset', {});
    await buyer.client.post(`/orders/${waiting.id}/refund`);
  });

  it('hard case 30: what costs nothing is confirmed at once', async () => {
    const free = await sale(platform, { price: { amount: 0, currency: 'EUR' } }, selling.organizer);
    const confirmed = await placeOrder(buyer, free, 1);
    expect(confirmed).toMatchObject({ status: 'confirmed', checkoutUrl: null });
    expect(confirmed.tickets).toHaveLength(1);
  });

  it('hard case 42: an organizer confirms at the desk, and money that comes all the same goes back', async () => {
    const atDesk = await placeOrder(buyer, selling, 1);
    const page = await openPaymentPage(atDesk.checkoutUrl);
    const simulator = new Simulator(platform);
    // The session is closed as soon as the desk's word is heard: the money has left by then, and the news of it come later.
    await simulator.tell('PUT', '/webhooks', { drop: true });
    await press(page, 'pay');
    const booking = await expecting(200, selling.organizer.client, 'PUT', `/mgmt/bookings/${atDesk.id}/confirm`);
    expect(booking).toMatchObject({ status: 'confirmed' });
    expect(booking.tickets).toHaveLength(1);
    await simulator.tell('PUT', '/webhooks', {});
    await simulator.tell('POST', '/webhooks/resend');
    const sums = await eventually(
      'the money to be back',
      () => simulator.sumsOf(atDesk.id),
      ([sum]) => sum?.refunded === 4500,
    );
    expect(sums).toMatchObject([{ paid: 4500, refunded: 4500, net: 0 }]);
    const kept = await expecting(200, buyer.client, 'GET', `/orders/${atDesk.id}`);
    expect(kept).toMatchObject({ status: 'confirmed', tickets: [{ status: 'valid' }] });
    const late = await fetch(atDesk.checkoutUrl, { redirect: 'manual' });
    expect(late.status).toBe(410);
  });

  it('a cancelled event ends holds and pays everything back', async () => {
    const doomed = await sale(platform, {}, selling.organizer);
    const paid = await placeOrder(buyer, doomed, 1);
    await pay(paid.checkoutUrl);
    await eventually(
      'the confirmation',
      () => expecting(200, buyer.client, 'GET', `/orders/${paid.id}`),
      (one) => one.status === 'confirmed',
    );
    const held = await placeOrder(buyer, doomed, 1);
    await expecting(202, selling.organizer.client, 'POST', `/events/${doomed.eventId}/cancel`);
    await eventually(
      'the end of the hold',
      () => expecting(200, buyer.client, 'GET', `/orders/${held.id}`),
      (one) => one.status === 'cancelled' && one.reason === 'event-cancelled',
    );
    const back = await eventually(
      'the refund',
      () => expecting(200, buyer.client, 'GET', `/orders/${paid.id}`),
      (one) => one.refunded.amount === 4500,
    );
    expect(back).toMatchObject({ status: 'refunded', reason: 'event-cancelled' });
    const late = await buyer.client.post('/orders', {
      eventId: doomed.eventId,
      items: [{ ticketTypeId: doomed.typeId, quantity: 1 }],
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'sales-closed' } });
  });

  it('no mail of all this leads to a page that is not there', async () => {
    const links = (await Promise.all([buyer, scanner].map(({ email }) => mailsTo(platform, email))))
      .flat()
      .flatMap(({ text = '', html = '' }) =>
        [...`${text}\n${html}`.matchAll(/https?:[^\s"<>]+/g)].map(([link]) => link),
      );
    expect(links).toContainEqual(expect.stringMatching(/^http:.*verify/i));
    for (const link of new Set(links)) expect([link, (await fetch(link)).status]).toEqual([link, 200]);
  });
});
