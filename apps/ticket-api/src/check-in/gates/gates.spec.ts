import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addEvent, addOrganization, addPerson } from '../../testing/seed.js';
import { Door, told } from '../testing/door.js';

let door: Door;
let gates: string;

beforeAll(async () => {
  door = await Door.open();
  gates = `/events/${door.event.eventId}/gates`;
});
afterAll(() => door.close());
afterEach(() => door.api.db.asOwner('delete from gates'));

const make = (body: object, as = door.organizer) => door.call('POST', gates, body, as);
const change = (id: string, body: object) => door.call('PATCH', `${gates}/${id}`, body, door.organizer);

describe('gates of an event', () => {
  it('are named, renamed, listed by name and removed by organizers; door staff may read them', async () => {
    const south = await make({ name: 'South', ticketTypeIds: [door.event.typeId] });
    expect(south).toMatchObject({ status: 201, body: { name: 'South', ticketTypeIds: [door.event.typeId] } });
    await make({ name: 'North' });
    expect((await change(south.body.id, { name: 'East' })).body).toMatchObject({
      name: 'East',
      ticketTypeIds: [door.event.typeId],
    });
    expect((await change(south.body.id, { ticketTypeIds: [] })).body).toMatchObject({
      name: 'East',
      ticketTypeIds: [],
    });
    const names = async (query = '') => {
      const { body } = await door.call('GET', gates + query);
      return [body.data.map(({ name }: { name: string }) => name), body.nextCursor];
    };
    expect(await names()).toEqual([['East', 'North'], null]);
    const [first, cursor] = await names('?limit=1');
    expect([first, await names(`?limit=1&cursor=${cursor}`)]).toEqual([['East'], [['North'], null]]);
    expect((await door.call('DELETE', `${gates}/${south.body.id}`, undefined, door.organizer)).status).toBe(204);
    expect(told(await change(south.body.id, { name: 'West' }))).toEqual([404, 'not-found']);
    expect(told(await make({ name: 'X' }, door.scanner))).toEqual([403, 'forbidden']);
  });

  it('have different names, in whatever case, also when they are made at once', async () => {
    const answers = await Promise.all(['North', 'NORTH', 'north'].map((name) => make({ name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const other = await make({ name: 'South' });
    expect(told(await change(other.body.id, { name: 'nORTH' }))).toEqual([409, 'gate-name-taken']);
    expect((await change(other.body.id, { name: 'SOUTH' })).body.name).toBe('SOUTH');
  });

  it('name ticket types of their own event alone', async () => {
    const elsewhere = await addEvent(door.api.db, door.event.tenantId);
    for (const id of [elsewhere.typeId, randomUUID()]) {
      const { status, body } = await make({ name: 'North', ticketTypeIds: [door.event.typeId, id] });
      expect([status, body.errors]).toEqual([422, [expect.objectContaining({ path: 'ticketTypeIds.1' })]]);
    }
  });

  it('are a hundred at most', async () => {
    await door.api.db.asOwner(
      `insert into gates (tenant_id, id, event_id, name, key) select $1, gen_random_uuid(), $2, n, n from generate_series(1, 100) n`,
      [door.event.tenantId, door.event.eventId],
    );
    expect(told(await make({ name: 'North' }))).toEqual([409, 'too-many-gates']);
  });

  it('are made once by a request that is sent again with its key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const send = () => door.api.call('POST', gates, { as: door.organizer, body: { name: 'North' }, headers });
    const [first, again] = [await send(), await send()];
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it("are not seen by another organization's people", async () => {
    const stranger = await addPerson(door.api.db);
    await addOrganization(door.api.db, { owner: stranger });
    expect(told(await door.call('GET', gates, undefined, stranger))).toEqual([403, 'forbidden']);
  });
});

describe('a scan', () => {
  it('takes any name of a gate where the event has none', async () => {
    expect((await door.checkIn(await door.ticket(), { gate: 'Anywhere' })).body.gate).toBe('Anywhere');
  });

  it('at a gate that does not exist admits nobody, and tells which do', async () => {
    await make({ name: 'North' });
    await make({ name: 'Box', ticketTypeIds: [door.event.typeId] });
    const ticket = await door.ticket();
    const refused = await door.checkIn(ticket, { gate: 'Nord' });
    expect([...told(refused), refused.body.gates]).toEqual([409, 'wrong-gate', ['Box', 'North']]);
    expect((await door.checkIn(ticket, { gate: 'NORTH' })).body).toMatchObject({ gate: 'North' });
  });

  it('at a gate for other types admits nobody, and tells where to go; without a gate it is refused, too', async () => {
    const [box] = await door.api.db.asOwner<{ id: string }>(
      `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
       select gen_random_uuid(), tenant_id, event_id, counter_id, 'Box', price, currency, max_per_order from ticket_types where id = $1
       returning id`,
      [door.event.typeId],
    );
    await make({ name: 'Box', ticketTypeIds: [box!.id] });
    await make({ name: 'North' });
    const ticket = await door.ticket();
    for (const where of [{ gate: 'Box' }, {}]) {
      const refused = await door.checkIn(ticket, where);
      expect([...told(refused), refused.body.gates]).toEqual([409, 'wrong-gate', ['North']]);
    }
    const { body } = await door.call('POST', `/tickets/${ticket.ticketId}/validate`, {
      code: ticket.code,
      gate: 'Box',
    });
    expect(body).toMatchObject({ valid: false, reason: 'wrong-gate' });
    expect((await door.checkIn(ticket, { gate: 'North' })).status).toBe(200);
    expect(told(await door.checkIn(ticket, { gate: 'Box' }))).toEqual([409, 'already-checked-in']);
  });
});
