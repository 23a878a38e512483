import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson } from '../testing/seed.js';
import { CatalogueModule } from './catalogue.module.js';

let api: TicketApi;
let organizer: Identity;
let scanner: Identity;
let stranger: Identity;
let organizationId: string;

beforeAll(async () => {
  const changes = ['createEvent', 'updateEvent', 'publishEvent', 'createTicketType', 'updateTicketType'];
  const reads = ['listEvents', 'getEvent', 'getAvailability', 'countAvailable'];
  api = await openTicketApi([CatalogueModule], [...changes, ...reads]);
  [organizer, scanner, stranger] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  organizationId = await addOrganization(api.db, { organizer, scanner });
});
afterAll(() => api.close());

const jazz = () => ({
  organizationId,
  title: 'Jazz',
  venue: { name: 'Hall', city: 'Łódź' },
  startsAt: '2035-06-01T20:00:00+02:00',
  endsAt: '2035-06-01T23:00:00+02:00',
  timezone: 'Europe/Warsaw',
});
const standing = { name: 'Standing', price: { amount: 4500, currency: 'EUR' }, capacity: 100 };

const send = (method: string, path: string, body?: unknown, as: Identity | undefined = organizer) =>
  api.call(method, path, { body, ...(as && { as }) });
const get = (path: string, as?: Identity) => api.call('GET', path, as ? { as } : {});
const draft = async (given: object = {}) => (await send('POST', '/events', { ...jazz(), ...given })).body;
const published = async () => (await send('POST', `/events/${(await draft()).id}/publish`)).body;
const paths = ({ body }: { body: { errors?: { path: string }[] } }) => body.errors?.map(({ path }) => path);

describe('drafting an event', () => {
  it('answers with the draft, its times in UTC and refundable until it starts', async () => {
    const { status, body } = await send('POST', '/events', jazz());
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      organizationId,
      title: 'Jazz',
      description: null,
      terms: null,
      status: 'draft',
      venue: { name: 'Hall', address: null, city: 'Łódź', country: null, latitude: null, longitude: null },
      startsAt: '2035-06-01T18:00:00.000Z',
      endsAt: '2035-06-01T21:00:00.000Z',
      timezone: 'Europe/Warsaw',
      refundableUntil: '2035-06-01T18:00:00.000Z',
      waitingList: false,
      resaleAllowed: false,
      transfersAllowed: true,
      reentryAllowed: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      ticketTypes: [],
    });
  });

  it('is for organizers of the organization that the body names', async () => {
    expect((await send('POST', '/events', jazz(), stranger)).status).toBe(403);
    expect((await send('POST', '/events', jazz(), scanner)).status).toBe(403);
    expect((await send('POST', '/events', { ...jazz(), organizationId: randomUUID() })).status).toBe(404);
    expect((await api.call('POST', '/events', { body: jazz() })).status).toBe(401);
  });

  it.each([
    ['an end before the start', { endsAt: '2035-06-01T17:00:00Z' }, 'endsAt'],
    ['a time zone that is none', { timezone: 'Europe/Atlantis' }, 'timezone'],
    ['a field that is not known', { seats: 3 }, 'seats'],
    ['a time beyond the years of PostgreSQL', { endsAt: '9999-12-31T23:59:59-23:59' }, 'endsAt'],
  ])('%s is told by its field', async (_, given, path) => {
    const answer = await send('POST', '/events', { ...jazz(), ...given });
    expect([answer.status, paths(answer)]).toEqual([422, [path]]);
  });

  it('takes any offset and any alias of a time zone', async () => {
    const { body } = await send('POST', '/events', {
      ...jazz(),
      startsAt: '2035-06-01T20:00:00+23:00',
      timezone: 'Asia/Kolkata',
    });
    expect(body).toMatchObject({ startsAt: '2035-05-31T21:00:00.000Z', timezone: 'Asia/Kolkata' });
  });
});

describe('a draft', () => {
  it('exists for members of its organization only', async () => {
    const { id } = await draft();
    for (const path of [`/events/${id}`, `/events/${id}/availability`, `/tickets/event/${id}/available`]) {
      expect((await get(path, scanner)).status).toBe(200);
      expect((await get(path, stranger)).status).toBe(404);
      expect((await get(path)).status).toBe(404);
    }
    expect((await send('PATCH', `/events/${id}`, { title: 'x' }, stranger)).status).toBe(404);
    expect((await send('PATCH', `/events/${id}`, { title: 'x' }, scanner)).status).toBe(403);
  });

  it('is seen by everybody once it is published, and publishing again changes nothing', async () => {
    const { id } = await draft();
    const first = await send('POST', `/events/${id}/publish`);
    const second = await send('POST', `/events/${id}/publish`);
    expect([first.status, first.body.status]).toEqual([200, 'published']);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect((await get(`/events/${id}`)).body).toEqual(first.body);
    expect((await send('POST', `/events/${id}/publish`, undefined, stranger)).status).toBe(403);
  });

  it('whose time has passed needs other dates before it is published', async () => {
    const { id } = await draft({ startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-02T00:00:00Z' });
    const early = await send('POST', `/events/${id}/publish`);
    expect([early.status, early.body.code]).toEqual([409, 'event-ended']);
    await send('PATCH', `/events/${id}`, { startsAt: jazz().startsAt, endsAt: jazz().endsAt });
    expect((await send('POST', `/events/${id}/publish`)).status).toBe(200);
  });
});

describe('changing an event', () => {
  it('changes what is given and nothing else', async () => {
    const before = await published();
    const { status, body } = await send('PATCH', `/events/${before.id}`, { title: 'Blues', description: '' });
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, title: 'Blues', description: '', updatedAt: expect.any(String) });
  });

  it('keeps its terms, up to 2,000 characters of several lines, until they are taken back', async () => {
    const terms = `No bags.\n${'x'.repeat(1_991)}`;
    const { id, ...event } = await draft({ terms });
    expect(event.terms).toBe(terms);
    expect((await send('PATCH', `/events/${id}`, { title: 'Blues' })).body.terms).toBe(terms);
    expect((await send('PATCH', `/events/${id}`, { terms: `${terms}x` })).status).toBe(422);
    expect((await send('PATCH', `/events/${id}`, { terms: null })).body.terms).toBeNull();
  });

  it('judges a time that is given by the one that is stored', async () => {
    const { id } = await draft();
    const late = await send('PATCH', `/events/${id}`, { startsAt: '2035-06-02T00:00:00Z' });
    const early = await send('PATCH', `/events/${id}`, { endsAt: '2035-06-01T18:00:00Z' });
    expect([late.status, paths(late), early.status, paths(early)]).toEqual([422, ['startsAt'], 422, ['endsAt']]);
  });

  it.each([
    ['cancelled', { status: 'cancelled' }, 'cancelled'],
    ['over', { startsIn: '-2 hours', lasts: '1 hour' }, 'past'],
  ])('is refused once the event is %s', async (_, given, status) => {
    const { eventId, typeId } = await addEvent(api.db, organizationId, given);
    expect((await get(`/events/${eventId}`)).body.status).toBe(status);
    for (const [method, path, body] of [
      ['PATCH', `/events/${eventId}`, { title: 'x' }],
      ['POST', `/events/${eventId}/ticket-types`, standing],
      ['PATCH', `/events/${eventId}/ticket-types/${typeId}`, { capacity: 1 }],
    ] as const) {
      const answer = await send(method, path, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'event-ended']);
    }
  });
});

describe('the list of events', () => {
  it('has what is published and not over, soonest first, page by page while others are added', async () => {
    const owner = await addPerson(api.db);
    const tenantId = await addOrganization(api.db, { owner });
    const hours = [50, 10, 30, 20, 40];
    const ids = new Map<number, string>();
    for (const hour of hours) ids.set(hour, (await addEvent(api.db, tenantId, { startsIn: `${hour} hours` })).eventId);
    const now = (await addEvent(api.db, tenantId, { startsIn: '-1 hour' })).eventId;
    await addEvent(api.db, tenantId, { startsIn: '-3 hours', lasts: '1 hour' });
    await addEvent(api.db, tenantId, { status: 'draft' });
    await addEvent(api.db, tenantId, { status: 'cancelled' });

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { status, body } = await get(
        `/events?organizationId=${tenantId}&limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      expect(status).toBe(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
      if (seen.length === 2) await addEvent(api.db, tenantId, { startsIn: '5 hours' });
    } while (cursor);
    expect(seen).toEqual([now, ...[10, 20, 30, 40, 50].map((hour) => ids.get(hour))]);
  });

  it('keeps events that start at the same moment apart', async () => {
    const tenantId = await addOrganization(api.db, {});
    for (let n = 0; n < 5; n++) await addEvent(api.db, tenantId);
    await api.db.asOwner(
      `update events set starts_at = date_trunc('hour', now()) + '9 days 1 microsecond' where tenant_id = $1`,
      [tenantId],
    );
    const first = (await get(`/events?organizationId=${tenantId}&limit=3`)).body;
    const second = (await get(`/events?organizationId=${tenantId}&limit=3&cursor=${first.nextCursor}`)).body;
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.data, ...second.data].map(({ id }: { id: string }) => id)).size).toBe(5);
  });

  it.each(['x', Buffer.from('["2030-01-01T00:00:00Z"]').toString('base64url'), 'e30'])(
    'a cursor that we did not give (%s) is refused',
    async (cursor) => {
      const answer = await get(`/events?cursor=${cursor}`);
      expect([answer.status, paths(answer)]).toEqual([422, ['cursor']]);
    },
  );
});

describe('an answer that the gateway may give to others', () => {
  const sharedFor = async (path: string, as?: Identity) => (await get(path, as)).headers.get('cdn-cache-control');

  it.each(['', '/availability'])('is what anyone sees of a published event%s, whoever asks', async (part) => {
    const { id } = await published();
    for (const who of [undefined, stranger, organizer])
      expect(await sharedFor(`/events/${id}${part}`, who)).toBe('max-age=1');
  });

  it.each(['', '/availability'])('is never what members alone see%s', async (part) => {
    const { id } = await draft();
    expect((await get(`/events/${id}${part}`, scanner)).status).toBe(200);
    expect(await sharedFor(`/events/${id}${part}`, scanner)).toBeNull();
    expect(await sharedFor(`/events/${id}${part}`)).toBeNull();
  });
});
