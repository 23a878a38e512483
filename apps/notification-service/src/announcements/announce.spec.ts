import { eventCancelled, eventChanged, eventReminderDue, type Audience } from '@app/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';

jest.setTimeout(60_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
beforeEach(() => service.reset());
afterAll(() => service.remove());

const tenant = uuidv7();
const { event, before, refundsOpen } = facts['event-changed'];
const changed = { event, before, refundsOpen };
type Person = Audience['people'][number];

const person = (name: string, given: Partial<Person> = {}): Person => {
  const userId = uuidv7();
  const orderId = uuidv7();
  return { userId, name, email: `${name}@example.com`, orderId, ticketsOf: orderId, tickets: 1, ...given };
};

/** Pages of so many people each. */
function invite(...sizes: number[]): Person[] {
  let after: string | null = null;
  const everybody: Person[] = [];
  for (const [index, size] of sizes.entries()) {
    const people = Array.from({ length: size }, (_, at) => person(`p${index}-${at}`));
    const next = index === sizes.length - 1 ? null : people.at(-1)!.userId;
    service.tickets.pages.set(after, { people, next });
    everybody.push(...people);
    after = next;
  }
  return everybody;
}

const recipients = () => service.smtp.mails.flatMap((mail) => mail.recipients).sort();
const done = () =>
  eventually(async () => {
    const [row] = await service.db.asOwner<{ left: number }>(
      'select count(*) filter (where done_at is null)::int as left from announcements having count(*) > 0',
    );
    return row?.left === 0;
  }, 'the end of the announcement');

describe('what everybody at an event is told', () => {
  it('goes to each person of each page, once, as bulk, with a Message-ID of its own and the new calendar file', async () => {
    const everybody = invite(3, 2);
    const id = await service.send(eventChanged, changed, tenant);
    await done();
    const rows = await service.settled(5, 'sent');
    expect(recipients()).toEqual(everybody.map(({ email }) => email).sort());
    expect(new Set(service.smtp.mails.map(({ parsed }) => parsed.messageId)).size).toBe(5);
    expect(rows).toEqual(rows.map(() => expect.objectContaining({ bulk: true, message_id: id, tenant_id: tenant })));
    expect(service.tickets.asked).toEqual([
      { about: 'change', after: null },
      { about: 'change', after: everybody[2]!.userId },
    ]);
    const [{ parsed }] = service.smtp.mails as [(typeof service.smtp.mails)[0]];
    expect(parsed.subject).toBe('Changed: Nacht der Töne');
    expect(parsed.text).toContain('Before: Kleine Halle, Potsdam');
    expect(parsed.html).toContain('<s>Kleine Halle, Potsdam</s>');
    expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['event.ics']);
    expect(parsed.headers.filter(({ key }) => key.startsWith('list-'))).toEqual([]);
  });

  it('is told once, though the message comes twice and two processes take its pages', async () => {
    const other = await service.open();
    const everybody = invite(4, 4, 4);
    await service.send(eventCancelled, { event }, tenant);
    const [{ id, facts: stored }] = (await (async () => {
      await eventually(async () => (await service.db.asOwner('select from announcements')).length > 0, 'a row');
      return service.db.asOwner<{ id: string; facts: object }>('select id, facts from announcements');
    })()) as [{ id: string; facts: object }];
    await service.db.asOwner(
      `insert into announcements (tenant_id, id, correlation_id, kind, facts) values ($1, $2, 'c', 'event-cancelled', $3)
       on conflict (tenant_id, id) do update set passed = null, done_at = null, next_attempt_at = now(), facts = $3`,
      [tenant, id, stored],
    );
    await done();
    await service.settled(12, 'sent');
    expect(recipients()).toEqual(everybody.map(({ email }) => email).sort());
    await service.close(other);
  });

  it('hard case 36: goes on where it was after the process died between two pages, and tells nobody twice', async () => {
    const everybody = invite(3, 3);
    let hold = true;
    service.tickets.beforePage = () =>
      eventually(() => !hold || service.tickets.asked.length === 1, 'the end of the wait');
    await service.send(eventChanged, changed, tenant);
    await eventually(() => service.tickets.asked.length === 2, 'the second page');
    const dying = service.close();
    hold = false;
    await dying;
    await service.open();
    await service.db.asOwner('update announcements set next_attempt_at = now()');
    await done();
    await service.settled(6, 'sent');
    expect(recipients()).toEqual(everybody.map(({ email }) => email).sort());
  });

  it('waits while ticket-api is away, and gives nobody up', async () => {
    invite(2);
    service.tickets.status = 503;
    await service.send(eventChanged, changed, tenant);
    const waits = async () => (await service.db.asOwner(`select from announcements where attempts > 0`)).length === 1;
    await eventually(waits, 'a failed page');
    expect(await service.rows()).toEqual([]);
    service.tickets.status = undefined;
    await done();
    await service.settled(2, 'sent');
  });

  it('keeps nothing of what it was to tell when it is done', async () => {
    invite(1);
    await service.send(eventChanged, changed, tenant);
    await done();
    const [row] = await service.db.asOwner<{ facts: object }>('select facts from announcements');
    expect(row!.facts).toEqual({});
  });

  it('is no step of anybody’s order: nobody’s timeline is filled with it', async () => {
    const [first] = invite(1);
    await service.send(eventChanged, changed, tenant);
    await service.settled(1, 'sent');
    expect(await service.told(first!.orderId!)).toEqual([]);
  });
});

describe('a reminder', () => {
  const due = { event, boughtBefore: '2026-12-11T19:00:00Z' };

  it('can be ended by one click, and asks for whom ticket-api names', async () => {
    const token = 'dG9rZW4';
    service.tickets.pages.set(null, { people: [person('zoe', { unsubscribe: token })], next: null });
    await service.send(eventReminderDue, due, tenant);
    const [row] = await service.settled(1, 'sent');
    const [{ parsed }] = service.smtp.mails as [(typeof service.smtp.mails)[0]];
    const header = (name: string) => parsed.headers.find(({ key }) => key === name)?.value;
    const address = `https://tickets.example/api/v1/mail-preferences/unsubscribe?token=${token}`;
    expect(header('list-unsubscribe')).toBe(`<${address}>`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(parsed.text).toContain(address);
    expect(parsed.html).toContain(address);
    expect(parsed.attachments).toEqual([]);
    expect(service.tickets.asked).toEqual([{ about: 'reminder', after: null, boughtBefore: due.boughtBefore }]);
    expect(row!.facts).not.toHaveProperty('unsubscribe');
  });
});
