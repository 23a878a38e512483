import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { AUDIENCE_PAGE, eventCancelled, eventChanged, eventReminderDue, PLATFORM_TENANT } from '@app/contracts';
import type { Audience, FindAudience } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { EndOrdersOfCancelledEvents } from '../orders/cancel-event/end-orders-of-cancelled-events.js';
import { OrdersModule } from '../orders/orders.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { AnnouncementsModule } from './announcements.module.js';
import { RemindHolders } from './remind-holders/remind-holders.js';
import { TellChanges } from './tell-changes/tell-changes.js';

let api: TicketApi;
let organizer: Identity;
let tenantId: string;
let event: SeededEvent;
beforeAll(async () => {
  api = await openTicketApi(
    [AuthorizationModule, OrdersModule, AnnouncementsModule],
    [
      ...['orders', 'bookings', 'catalogue', 'reserveTickets', 'purchaseTickets', 'returnTicket', 'countAvailable'],
      ...['getMailPreferences', 'changeMailPreferences', 'showUnsubscribe', 'unsubscribe'],
    ],
  );
  organizer = await addPerson(api.db, 'Olga');
  tenantId = await addOrganization(api.db, { organizer });
});
afterAll(() => api?.close());
beforeEach(async () => {
  event = await addEvent(api.db, tenantId);
});

const get = <Part>(part: abstract new (...parts: never[]) => Part) =>
  api.app.get<Part>(part as never, { strict: false });
const edit = (body: object) => api.call('PATCH', `/events/${event.eventId}`, { as: organizer, body });
const elapse = (seconds: number) =>
  api.db.asOwner(
    `update events set change_due_at = change_due_at - make_interval(secs => $1), changed_at = changed_at - make_interval(secs => $1)
     where change_due_at is not null`,
    [seconds],
  );
const told = async (type: string) =>
  (await api.told<{ event: { id: string; title: string } & Record<string, any> } & Record<string, any>>(type)).filter(
    (data) => data.event.id === event.eventId,
  );
const audience = async (wanted: Partial<FindAudience>): Promise<Audience> => {
  const path = `/internal/events/${event.eventId}/audience`;
  const body = { about: 'change', after: null, ...wanted };
  const answer = await api.postInternally(path, body, { by: 'notification-service', bound: false });
  expect(answer.status).toBe(200);
  return answer.body as Audience;
};
const names = async (wanted: Partial<FindAudience>) => (await audience(wanted)).people.map(({ name }) => name).sort();
const handOn = (ticketId: string, to: Identity) =>
  api.db.asOwner('update tickets set holder_id = $2, holder_version = holder_version + 1 where id = $1', [
    ticketId,
    to.userId,
  ]);

describe('a change of a published event', () => {
  it('is told once, a minute after the last of several edits, as it was before the first', async () => {
    await edit({ title: 'Jaz' });
    await elapse(50);
    await edit({ title: 'Jazz!', venue: { name: 'Tent', city: 'Ghent' } });
    await elapse(50);
    await get(TellChanges).look();
    expect(await told(eventChanged.type)).toEqual([]);
    await elapse(20);
    await get(TellChanges).look();
    await get(TellChanges).look();
    const [change, ...others] = await told(eventChanged.type);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      event: {
        title: 'Jazz!',
        venue: { name: 'Tent', city: 'Ghent' },
        organizer: { name: 'Jazz & Co.', replyTo: null },
      },
      before: { title: 'Jazz', venue: { name: 'Hall' } },
      refundsOpen: true,
    });
  });

  it('is told five minutes after the first edit, however long the organizer goes on', async () => {
    for (let edits = 0; edits < 7; edits += 1) {
      await edit({ title: `Jazz ${edits}` });
      await elapse(50);
    }
    await get(TellChanges).look();
    expect(await told(eventChanged.type)).toMatchObject([{ event: { title: 'Jazz 6' }, before: { title: 'Jazz' } }]);
  });

  it('that is taken back is no news', async () => {
    await edit({ title: 'Jaz' });
    await edit({ title: 'Jazz' });
    await elapse(90);
    await get(TellChanges).look();
    expect(await told(eventChanged.type)).toEqual([]);
    expect(await api.db.asOwner('select from events where change_due_at is not null')).toEqual([]);
  });

  it('of what holders need not know, or that the organizer keeps quiet, is not told', async () => {
    await edit({ description: 'Bring a friend.', refundableUntil: new Date(Date.now() + 60_000).toISOString() });
    await edit({ title: 'Jazz, again', notify: false });
    await elapse(90);
    await get(TellChanges).look();
    expect(await told(eventChanged.type)).toEqual([]);
  });

  it('is not told of a draft, nor of an event that was cancelled meanwhile', async () => {
    await edit({ title: 'Other' });
    await api.call('POST', `/events/${event.eventId}/cancel`, { as: organizer });
    await elapse(90);
    await get(TellChanges).look();
    expect(await told(eventChanged.type)).toEqual([]);
    event = await addEvent(api.db, tenantId, { status: 'draft' });
    await edit({ title: 'Other' });
    expect(await api.db.asOwner('select from events where change_due_at is not null')).toEqual([]);
  });

  it('is told once though several replicas look at once', async () => {
    await edit({ title: 'Once' });
    await elapse(90);
    const looks = get(TellChanges);
    await Promise.all([looks.look(), looks.look(), looks.look()]);
    expect(await told(eventChanged.type)).toHaveLength(1);
  });

  it('concerns who holds a ticket, and who bought one that somebody else holds: each once', async () => {
    const [ada, bob, eve, gone] = await Promise.all(
      ['Ada', 'Bob', 'Eve', 'Gone'].map((name) => addPerson(api.db, name)),
    );
    const { orderId } = await addTickets(api.db, event, ada!, 3);
    await addTickets(api.db, event, ada!, 1);
    const { ticketIds } = await addTickets(api.db, event, bob!, 1);
    await handOn(ticketIds[0]!, eve!);
    const { orderId: ended } = await addTickets(api.db, event, gone!, 1);
    await api.db.asOwner(`update tickets set status = 'void' where order_id = $1`, [ended]);
    await api.db.asOwner(`update orders set status = 'refunded' where id = $1`, [ended]);
    const { people, next } = await audience({});
    expect(next).toBeNull();
    expect(people.map(({ name }) => name).sort()).toEqual(['Ada', 'Bob', 'Eve']);
    expect(people.find(({ name }) => name === 'Ada')).toMatchObject({ tickets: 4, email: ada!.email });
    expect(people.find(({ name }) => name === 'Eve')).toMatchObject({ tickets: 1, orderId: null });
    expect(people.find(({ name }) => name === 'Bob')).toMatchObject({ tickets: 0, ticketsOf: null });
    expect(people.flatMap((person) => (person.name === 'Ada' ? [] : [person.orderId]))).not.toContain(orderId);
  });

  it('is told page by page, of whom each person stands on one', async () => {
    event = await addEvent(api.db, tenantId, { capacity: 1_000 });
    const count = 2 * AUDIENCE_PAGE + 7;
    const everybody = await Promise.all(Array.from({ length: count }, () => addPerson(api.db)));
    for (const person of everybody) await addTickets(api.db, event, person);
    const found: string[] = [];
    let after: string | null = null;
    for (let pages = 1; ; pages += 1) {
      const page: Audience = await audience({ after });
      found.push(...page.people.map(({ userId }) => userId));
      after = page.next;
      if (after === null) {
        expect(pages).toBe(3);
        break;
      }
    }
    expect(found).toEqual(everybody.map(({ userId }) => userId).sort());
  }, 60_000);
});

describe('a cancelled event', () => {
  it('is told to whom no mail about money tells it: a new holder, and who paid nothing here', async () => {
    const [ada, eve, free] = await Promise.all(['Ada', 'Eve', 'Free'].map((name) => addPerson(api.db, name)));
    const { ticketIds } = await addTickets(api.db, event, ada!, 2);
    await handOn(ticketIds[0]!, eve!);
    const { orderId } = await addTickets(api.db, event, free!);
    await api.db.asOwner(`update orders set confirmed_how = 'free', total = 0 where id = $1`, [orderId]);
    await api.call('POST', `/events/${event.eventId}/cancel`, { as: organizer });
    await api.call('POST', `/events/${event.eventId}/cancel`, { as: organizer });
    expect(await told(eventCancelled.type)).toMatchObject([
      { event: { title: 'Jazz', organizer: { name: 'Jazz & Co.' } } },
    ]);
    const before = await names({ about: 'cancellation' });
    await get(EndOrdersOfCancelledEvents).look();
    expect(
      await api.db.asOwner(`select from tickets where event_id = $1 and status <> 'void'`, [event.eventId]),
    ).toEqual([]);
    expect(await names({ about: 'cancellation' })).toEqual(['Eve', 'Free']);
    expect(before).toEqual(['Eve', 'Free']);
    expect(await names({ about: 'change' })).toEqual([]);
  });

  it('that was never on sale is told to nobody', async () => {
    event = await addEvent(api.db, tenantId, { status: 'draft' });
    await api.call('POST', `/events/${event.eventId}/cancel`, { as: organizer });
    expect(await told(eventCancelled.type)).toEqual([]);
  });
});

describe('the reminder', () => {
  /** At the same clock time of the next day, in a zone where it is noon now. */
  const startTomorrow = async () => {
    const ahead = 12 - new Date().getUTCHours();
    await api.db.asOwner(
      `update events set timezone = $2, starts_at = date_trunc('hour', now()) + interval '1 day', ends_at = now() + interval '30 hours'
       where id = $1`,
      [event.eventId, `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`],
    );
  };

  it('is due once, also when several replicas look, and again and again', async () => {
    await startTomorrow();
    const timer = get(RemindHolders);
    await Promise.all([timer.look(), timer.look(), timer.look()]);
    await timer.look();
    const [due, ...others] = await told(eventReminderDue.type);
    expect(others).toEqual([]);
    expect(Date.parse(due!['boughtBefore'] as string)).toBeLessThanOrEqual(Date.now());
  });

  it('is not due days before, nor shortly before the start, nor of a draft or a cancelled event', async () => {
    for (const startsIn of ['3 days', '90 minutes', '-1 hours']) {
      event = await addEvent(api.db, tenantId, { startsIn });
      await get(RemindHolders).look();
      expect(await told(eventReminderDue.type)).toEqual([]);
    }
    for (const status of ['draft', 'cancelled']) {
      event = await addEvent(api.db, tenantId, { startsIn: '5 hours', status });
      await get(RemindHolders).look();
      expect(await told(eventReminderDue.type)).toEqual([]);
    }
  });

  it('comes after an outage, while it still is one', async () => {
    event = await addEvent(api.db, tenantId, { startsIn: '150 minutes' });
    await get(RemindHolders).look();
    expect(await told(eventReminderDue.type)).toHaveLength(1);
  });

  it('of an event that was put off by an hour comes once, by a month again', async () => {
    event = await addEvent(api.db, tenantId, { startsIn: '5 hours' });
    await get(RemindHolders).look();
    await api.db.asOwner(`update events set starts_at = starts_at + interval '1 hour' where id = $1`, [event.eventId]);
    await get(RemindHolders).look();
    expect(await told(eventReminderDue.type)).toHaveLength(1);
    await api.db.asOwner(`update events set reminded_at = reminded_at - interval '30 days' where id = $1`, [
      event.eventId,
    ]);
    await get(RemindHolders).look();
    expect(await told(eventReminderDue.type)).toHaveLength(2);
  });

  it('concerns who holds a ticket that can be used, bought before it was due, and wants it', async () => {
    const people = ['Ada', 'Bob', 'Eve', 'Used', 'Late', 'Quiet', 'Silent'];
    const [ada, bob, eve, used, late, quiet, silent] = await Promise.all(people.map((name) => addPerson(api.db, name)));
    const boughtBefore = new Date(Date.now() + 60_000).toISOString();
    await addTickets(api.db, event, ada!, 2);
    await handOn((await addTickets(api.db, event, bob!)).ticketIds[0]!, eve!);
    const { orderId } = await addTickets(api.db, event, used!);
    await api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where order_id = $1`, [
      orderId,
    ]);
    const { orderId: tooLate } = await addTickets(api.db, event, late!);
    await api.db.asOwner(`update tickets set created_at = now() + interval '1 hour' where order_id = $1`, [tooLate]);
    for (const person of [quiet!, silent!]) await addTickets(api.db, event, person);
    const refuse = (tenant: string, { userId }: Identity) =>
      api.db.asOwner(`insert into mail_preferences (tenant_id, user_id, kind) values ($1, $2, 'reminder')`, [
        tenant,
        userId,
      ]);
    await refuse(tenantId, quiet!);
    await refuse(PLATFORM_TENANT, silent!);
    await refuse(uuid(), ada!);
    expect(await names({ about: 'reminder', boughtBefore })).toEqual(['Ada', 'Eve']);
    // A change everybody has to know.
    expect(await names({ about: 'change' })).toHaveLength(7);
  });
});

describe('the audience', () => {
  it('is told to notification-service alone, and nothing of an event that is not there', async () => {
    await addTickets(api.db, event, await addPerson(api.db));
    const path = `/internal/events/${event.eventId}/audience`;
    const body = { about: 'change', after: null };
    for (const by of ['api-gateway', 'payment-service'] as const)
      expect((await api.postInternally(path, body, { by, bound: false })).status).toBe(403);
    event = { ...event, eventId: uuid() };
    expect(await audience({})).toEqual({ people: [], next: null });
  });

  it('leaves out who has erased the account', async () => {
    const ada = await addPerson(api.db);
    await addTickets(api.db, event, ada);
    await api.db.asOwner('update users set erased_at = now() where id = $1', [ada.userId]);
    expect((await audience({})).people).toEqual([]);
  });
});
