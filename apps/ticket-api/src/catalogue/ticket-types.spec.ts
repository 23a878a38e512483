import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { meanwhile } from '../testing/meanwhile.js';
import { addEvent, addOrganization, addPerson } from '../testing/seed.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { CatalogueModule } from './catalogue.module.js';

let api: TicketApi;
let organizer: Identity;
let organizationId: string;

beforeAll(async () => {
  const changes = ['createEvent', 'updateEvent', 'publishEvent', 'createTicketType', 'updateTicketType'];
  const reads = ['listEvents', 'getEvent', 'getAvailability', 'countAvailable'];
  api = await openTicketApi([CatalogueModule], [...changes, ...reads]);
  organizer = await addPerson(api.db);
  organizationId = await addOrganization(api.db, { organizer });
});
afterAll(() => api.close());

const jazz = () => ({
  organizationId,
  title: 'Jazz',
  venue: { name: 'Hall' },
  startsAt: '2035-06-01T18:00:00Z',
  endsAt: '2035-06-01T21:00:00Z',
  timezone: 'Europe/Warsaw',
});
const standing = { name: 'Standing', price: { amount: 4500, currency: 'EUR' }, capacity: 100 };

const send = (method: string, path: string, body?: unknown) => api.call(method, path, { body, as: organizer });
const get = (path: string, as?: Identity) => api.call('GET', path, as ? { as } : {});
const draft = async () => (await send('POST', '/events', jazz())).body;
const published = async () => (await send('POST', `/events/${(await draft()).id}/publish`)).body;
const typeOf = async (eventId: string, given: object = {}) =>
  (await send('POST', `/events/${eventId}/ticket-types`, { ...standing, ...given })).body;
const paths = ({ body }: { body: { errors?: { path: string }[] } }) => body.errors?.map(({ path }) => path);

describe('a ticket type', () => {
  it('is for sale with its limits, and is shown with what is left', async () => {
    const { id } = await published();
    const { status, body } = await send('POST', `/events/${id}/ticket-types`, standing);
    expect(status).toBe(201);
    const expected = {
      ...standing,
      id: expect.any(String),
      available: 100,
      maxPerOrder: 10,
      maxPerBuyer: null,
      salesStartAt: null,
      salesEndAt: null,
    };
    expect(body).toEqual(expected);
    expect((await get(`/events/${id}`)).body.ticketTypes).toEqual([expected]);
  });

  it.each([
    ['a price that no card is charged', { price: { amount: 49, currency: 'EUR' } }, 'price.amount'],
    ['a currency that is none', { price: { amount: 4500, currency: 'ABC' } }, 'price.currency'],
    ['a fraction of a cent', { price: { amount: 45.5, currency: 'EUR' } }, 'price.amount'],
    [
      'sales that end before they start',
      { salesStartAt: '2035-01-02T00:00:00Z', salesEndAt: '2035-01-01T00:00:00Z' },
      'salesEndAt',
    ],
  ])('with %s is refused', async (_, given, path) => {
    const { id } = await draft();
    const answer = await send('POST', `/events/${id}/ticket-types`, { ...standing, ...given });
    expect([answer.status, paths(answer)]).toEqual([422, [path]]);
    const type = await typeOf(id);
    const changed = await send('PATCH', `/events/${id}/ticket-types/${type.id}`, given);
    expect([changed.status, paths(changed)]).toEqual([422, [path]]);
  });

  it('may be free', async () => {
    const { id } = await draft();
    expect((await typeOf(id, { price: { amount: 0, currency: 'EUR' } })).price.amount).toBe(0);
  });

  it('brings no second currency to its event, also not when 8 types come at once', async () => {
    const { id } = await draft();
    const answers = await Promise.all(
      ['EUR', 'USD', 'GBP', 'PLN', 'EUR', 'USD', 'GBP', 'PLN'].map((currency) =>
        send('POST', `/events/${id}/ticket-types`, { ...standing, price: { amount: 4500, currency } }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of refused) expect([status, body.code]).toEqual([409, 'currency-mismatch']);
    const { ticketTypes } = (await get(`/events/${id}`, organizer)).body;
    expect(ticketTypes).toHaveLength(2);
    expect(new Set(ticketTypes.map(({ price }: { price: { currency: string } }) => price.currency)).size).toBe(1);

    const other = ticketTypes[0].price.currency === 'EUR' ? 'USD' : 'EUR';
    const changed = await send('PATCH', `/events/${id}/ticket-types/${ticketTypes[0].id}`, {
      price: { amount: 4500, currency: other },
    });
    expect([changed.status, changed.body.code]).toEqual([409, 'currency-mismatch']);
  });

  it('waits for another one that is being made, before its currency is judged', async () => {
    const { id } = await draft();
    const held = 'select from events where id = $1 for no key update';
    await meanwhile(api.db, [[held, [id]]], async (other) => {
      const made = send('POST', `/events/${id}/ticket-types`, {
        ...standing,
        price: { amount: 4500, currency: 'USD' },
      });
      await untilWaiting(api.db, 1);
      const counter = randomUUID();
      await other.query('insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, 1)', [
        counter,
        organizationId,
        id,
      ]);
      await other.query(
        `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
         values ($1, $2, $3, $4, 'Seat', 4500, 'EUR', 1)`,
        [randomUUID(), organizationId, id, counter],
      );
      await other.query('commit');
      expect(await made).toMatchObject({ status: 409, body: { code: 'currency-mismatch' } });
    });
  });

  it('changes price, limits and capacity', async () => {
    const { id } = await published();
    const type = await typeOf(id, { maxPerBuyer: 4 });
    const given = { price: { amount: 5000, currency: 'EUR' }, capacity: 120, maxPerBuyer: null };
    const { status, body } = await send('PATCH', `/events/${id}/ticket-types/${type.id}`, given);
    expect([status, body]).toEqual([200, { ...type, ...given, available: 120 }]);
  });

  it('hard case 27: never has a capacity below what is taken', async () => {
    const { eventId, typeId, counterId } = await addEvent(api.db, organizationId);
    await api.db.asOwner('update stock_counters set taken = 40 where id = $1', [counterId]);
    const path = `/events/${eventId}/ticket-types/${typeId}`;
    const below = await send('PATCH', path, { capacity: 39, name: 'Renamed' });
    expect([below.status, below.body.code]).toEqual([409, 'capacity-below-committed']);
    expect((await get(`/events/${eventId}`)).body.ticketTypes[0]).toMatchObject({ capacity: 100, name: 'Standing' });
    const exact = await send('PATCH', path, { capacity: 40 });
    expect([exact.status, exact.body.available]).toEqual([200, 0]);
  });

  it('hard case 27: waits for a sale under way before its capacity is judged', async () => {
    const { tenantId, eventId, typeId, counterId } = await addEvent(api.db, organizationId);
    let lowered: ReturnType<typeof send> | undefined;
    await api.db.database.asTenant(tenantId, async (sale) => {
      await sale.execute('update stock_counters set taken = taken + 60 where id = $1', [counterId]);
      lowered = send('PATCH', `/events/${eventId}/ticket-types/${typeId}`, { capacity: 50 });
      await untilWaiting(api.db, 1);
    });
    expect((await lowered)?.body).toMatchObject({ status: 409, code: 'capacity-below-committed' });
  });

  it('belongs to its event', async () => {
    const [one, other] = [await draft(), await draft()];
    const type = await typeOf(one.id);
    expect((await send('PATCH', `/events/${other.id}/ticket-types/${type.id}`, { capacity: 1 })).status).toBe(404);
    expect((await send('PATCH', `/events/${one.id}/ticket-types/${randomUUID()}`, { capacity: 1 })).status).toBe(404);
  });
});

describe('what is left', () => {
  it('is told for each type and for all together', async () => {
    const { eventId, typeId, counterId } = await addEvent(api.db, organizationId);
    const seats = await typeOf(eventId, { name: 'Seats', capacity: 50 });
    await api.db.asOwner('update stock_counters set taken = 30 where id = $1', [counterId]);
    expect((await get(`/events/${eventId}/availability`)).body).toEqual({
      eventId,
      ticketTypes: [
        { id: typeId, available: 70 },
        { id: seats.id, available: 50 },
      ],
    });
    expect((await get(`/tickets/event/${eventId}/available`)).body).toEqual({ eventId, available: 120 });
    expect((await get(`/events/${randomUUID()}/availability`)).status).toBe(404);
  });
});
