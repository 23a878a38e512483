import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { Client, eventually } from './support/client.js';
import { mailTo, person, type Person } from './support/people.js';
import { expecting, placeOrder, sale, type Sale } from './support/sale.js';

const DAY = 86_400_000;
/** Until the reminder is due: long enough to buy in. */
const SOON = 12_000;

describe('what people who hold tickets are told of their event', () => {
  let platform: Platform;
  let selling: Sale;
  let buyer: Person;
  let order: { id: string };

  beforeAll(async () => {
    platform = await startPlatform({ environment: { EVENT_CHANGE_SECONDS: '1' } });
    selling = await sale(platform, { price: { amount: 0, currency: 'EUR' } });
    buyer = await person(platform, 'Zoë');
    order = await placeOrder(buyer, selling, 2);
  });
  afterAll(() => platform?.remove());

  const change = (body: object) =>
    expecting(200, selling.organizer.client, 'PATCH', `/events/${selling.eventId}`, body);
  const kindsOf = async (as: Person) =>
    (await expecting(200, as.client, 'GET', `/orders/${order.id}/mails`)).data.map(
      ({ kind }: { kind: string }) => kind,
    );

  it('an edit is one mail, in the name of the organizer', async () => {
    const confirmed = await mailTo(platform, buyer.email, /Your 2 tickets/);
    expect(confirmed.from?.name).toBe('Green Hall via Tickets');
    await change({ title: 'Lodz Jazz Night' });
    await change({ title: 'Łódź Blues Night', venue: { name: 'Blue Hall', city: 'Łódź' } });
    const mail = await mailTo(platform, buyer.email, /^Changed:/);
    expect(mail.subject).toBe('Changed: Łódź Blues Night');
    expect(mail.text).toContain('Before: Green Hall, Łódź\nNow: Blue Hall, Łódź');
    expect(mail.from?.name).toBe('Green Hall via Tickets');
  });

  it('the day before they are reminded, and one click ends that', async () => {
    const start = Date.now() + DAY + SOON;
    const noon = 12 - new Date().getUTCHours();
    await change({
      ...{ startsAt: new Date(start).toISOString(), endsAt: new Date(start + 3 * 3_600_000).toISOString() },
      ...{ timezone: `Etc/GMT${noon > 0 ? '-' : '+'}${Math.abs(noon)}`, notify: false },
    });
    const mail = await mailTo(platform, buyer.email, /^Reminder:/);
    const address = /^<(.+)>$/.exec(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '')?.[1];
    expect(mail.text).toContain(address);
    const page = await fetch(address!);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(await page.text()).toContain('<form method="post">');
    const oneClick = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(address!, { method: 'POST', body: oneClick })).status).toBe(200);
    expect(await expecting(200, buyer.client, 'GET', '/users/me/mail-preferences')).toEqual({
      reminders: true,
      organizations: [{ organizationId: selling.organizationId, reminders: false }],
    });
  }, 60_000);

  it('a cancellation reaches also whom no refund tells of it, and the log has it all', async () => {
    await expecting(202, selling.organizer.client, 'POST', `/events/${selling.eventId}/cancel`);
    const mail = await mailTo(platform, buyer.email, /is cancelled$/);
    expect(mail.text).toContain('Nothing was charged');
    const all = ['event-cancelled', 'event-reminder', 'event-changed', 'order-confirmed'];
    await eventually(
      'the log of the order',
      () => kindsOf(buyer),
      (kinds) => kinds.join() === all.join(),
    );
    expect(await kindsOf(selling.organizer)).toEqual(all);
    const { data } = await expecting(200, selling.organizer.client, 'GET', `/events/${selling.eventId}/mails?limit=1`);
    expect(data).toMatchObject([{ kind: 'event-cancelled', recipient: expect.stringMatching(/^p\*\*\*@/) }]);
    const stranger = await person(platform);
    await expecting(404, stranger.client, 'GET', `/orders/${order.id}/mails`);
    await expecting(401, new Client(platform.api), 'GET', `/orders/${order.id}/mails`);
  });
});
