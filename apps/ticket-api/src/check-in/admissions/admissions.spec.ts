import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IDENTITY_HEADER, IdentityTokens, ServiceKeys } from '@app/auth';
import { API_PREFIX, readEvents } from '@app/http';
import { eventually } from '@app/testing';
import { Door, told, type KnownTicket } from '../testing/door.js';
import { AdmissionFeed } from './admission-feed.js';

let door: Door;
let path: string;
let tickets: KnownTicket[];
beforeAll(async () => {
  door = await Door.open();
  path = `/events/${door.event.eventId}/admissions`;
  tickets = await door.tickets(4);
});
afterAll(() => door.close());

/** Once what was counted a moment ago is old. */
const counted = (expected: object) =>
  eventually(async () => expect((await door.call('GET', path)).body).toMatchObject(expected));

describe('admissions', () => {
  it('are counted by gate and type: sold, entered, inside, refused', async () => {
    await door.allowReentry();
    const [one, two, three] = tickets as [KnownTicket, KnownTicket, KnownTicket];
    await door.checkIn(one, { gate: 'North' });
    await door.checkIn(two, { gate: 'North' });
    const last = await door.checkIn(three, { gate: 'South' });
    await door.checkIn(three, { gate: 'North' });
    await door.checkOut(one);
    await door.undo(two);
    await counted({
      ...{ eventId: door.event.eventId, sold: 4, admitted: 2, inside: 1, refused: 1 },
      byGate: [
        { gate: 'North', admitted: 1 },
        { gate: 'South', admitted: 1, lastAt: last.body.checkedInAt },
      ],
      byTicketType: [{ ticketTypeId: door.event.typeId, name: 'Standing', sold: 4, admitted: 2 }],
    });
    await door.api.db.asOwner(`update tickets set status = 'void' where id = $1`, [tickets[3]!.ticketId]);
    await counted({ sold: 3, admitted: 2 });
  });

  it('are for the staff of the event', async () => {
    expect(told(await door.call('GET', path, undefined, door.holder))).toEqual([403, 'forbidden']);
    expect(told(await door.call('GET', `${path}/stream`, undefined, door.holder))).toEqual([403, 'forbidden']);
  });

  it('are streamed: the state at once, then whenever it has changed; nobody looks when nobody watches', async () => {
    const tokens = new IdentityTokens(new ServiceKeys('api-gateway', door.api.gatewayKeys));
    const leaving = new AbortController();
    const answer = await fetch(door.api.url + API_PREFIX + path + '/stream', {
      headers: { [IDENTITY_HEADER]: await tokens.sign(door.scanner, 'ticket-api') },
      signal: leaving.signal,
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const events = readEvents(answer.body as unknown as AsyncIterable<Uint8Array>);
    const next = async () => JSON.parse((await events.next()).value as string) as { admitted: number };
    const { admitted } = await next();
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    let state = await next();
    while (state.admitted === admitted) state = await next();
    expect(state.admitted).toBe(admitted + 1);
    const feed = door.api.app.get(AdmissionFeed, { strict: false });
    expect(feed.size).toBe(1);
    leaving.abort();
    await eventually(async () => expect(feed.size).toBe(0));
  });
});
