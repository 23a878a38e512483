import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { TicketsModule } from './tickets.module.js';

let api: TicketApi;
let owner: Identity;
let scanner: Identity;
let otherOwner: Identity;
let event: SeededEvent;
let elsewhere: SeededEvent;

beforeAll(async () => {
  const lists = [
    'listTickets',
    'listMyTickets',
    'listTicketsOfUser',
    'listTicketsOfUserAndEvent',
    'listTicketsOfEvent',
  ];
  api = await openTicketApi([TicketsModule], [...lists, 'getTicket', 'ticket codes', 'ticket files']);
  [owner, scanner, otherOwner] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { owner, scanner }));
  elsewhere = await addEvent(api.db, await addOrganization(api.db, { owner: otherOwner }));
});
afterAll(() => api.close());

const get = (path: string, as?: Identity) => api.call('GET', path, as ? { as } : {});
const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);

/** A holder of three tickets here and two at another organization, newest first. */
async function holderOfFive() {
  const holder = await addPerson(api.db, 'Zofia');
  const here = (await addTickets(api.db, event, holder, 3)).ticketIds.reverse();
  const there = (await addTickets(api.db, elsewhere, holder, 2)).ticketIds.reverse();
  return { holder, here, there };
}

describe('my tickets', () => {
  it('are those that I hold at every organization, newest first, under each of their addresses', async () => {
    const { holder, here, there } = await holderOfFive();
    for (const path of ['/tickets', '/tickets/my-tickets', '/tickets/user/me', `/tickets/user/${holder.userId}`])
      expect(idsOf(await get(path, holder))).toEqual([...there, ...here]);
    expect(idsOf(await get(`/tickets/user/me/event/${event.eventId}`, holder))).toEqual(here);
    expect((await get(`/tickets/user/me/event/${randomUUID()}`, holder)).status).toBe(404);
  });

  it('come in pages that new tickets do not move', async () => {
    const { holder, here, there } = await holderOfFive();
    const first = (await get('/tickets?limit=2', holder)).body;
    await addTickets(api.db, event, holder, 2);
    const second = (await get(`/tickets?limit=2&cursor=${first.nextCursor}`, holder)).body;
    const third = (await get(`/tickets?limit=2&cursor=${second.nextCursor}`, holder)).body;
    const seen = [first, second, third].flatMap((page) => page.data.map(({ id }: { id: string }) => id));
    expect([seen, third.nextCursor]).toEqual([[...there, ...here], null]);
  });

  it('no longer have what I bought and handed on', async () => {
    const { holder, here } = await holderOfFive();
    const friend = await addPerson(api.db);
    await api.db.asOwner('update tickets set holder_id = $2 where id = $1', [here[0], friend.userId]);
    expect(idsOf(await get('/tickets', holder))).not.toContain(here[0]);
    expect(idsOf(await get('/tickets', friend))).toEqual([here[0]]);
  });

  it('show what stands in the contract and nothing of how it is stored', async () => {
    const holder = await addPerson(api.db, 'Zofia');
    const { orderId, ticketIds } = await addTickets(api.db, event, holder);
    expect((await get(`/tickets/${ticketIds[0]}`, holder)).body).toEqual({
      id: ticketIds[0],
      orderId,
      eventId: event.eventId,
      ticketTypeId: event.typeId,
      holder: { id: holder.userId, name: 'Zofia' },
      status: 'valid',
      number: expect.stringMatching(/^\d{9,}$/),
      createdAt: expect.any(String),
    });
  });
});

describe("another person's tickets", () => {
  it('are shown to organizers as far as they are for their own events', async () => {
    const { holder, here, there } = await holderOfFive();
    expect(idsOf(await get(`/tickets/user/${holder.userId}`, owner))).toEqual(here);
    expect(idsOf(await get(`/tickets/user/${holder.userId}`, otherOwner))).toEqual(there);
    expect(idsOf(await get(`/tickets/user/${holder.userId}/event/${event.eventId}`, owner))).toEqual(here);
    expect((await get(`/tickets/user/${holder.userId}/event/${elsewhere.eventId}`, owner)).status).toBe(403);
    expect((await get(`/tickets/${here[0]}`, owner)).status).toBe(200);
  });

  it('come in pages across all the organizations that one organizes', async () => {
    const { holder, here, there } = await holderOfFive();
    await api.db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, 'organizer')`, [
      elsewhere.tenantId,
      owner.userId,
    ]);
    const path = `/tickets/user/${holder.userId}?limit=3`;
    const first = (await get(path, owner)).body;
    const second = (await get(`${path}&cursor=${first.nextCursor}`, owner)).body;
    await api.db.asOwner('delete from members where tenant_id = $1 and user_id = $2', [
      elsewhere.tenantId,
      owner.userId,
    ]);
    expect([...idsOf({ body: first }), ...idsOf({ body: second })]).toEqual([...there, ...here]);
    expect(second.nextCursor).toBeNull();
  });

  it('are nobody else’s business', async () => {
    const { holder, here } = await holderOfFive();
    const stranger = await addPerson(api.db);
    for (const who of [stranger, scanner]) expect((await get(`/tickets/user/${holder.userId}`, who)).status).toBe(403);
    for (const path of [`/tickets/${here[0]}`, `/tickets/${here[0]}/qr`, `/tickets/${here[0]}/pdf`]) {
      expect((await get(path, stranger)).status).toBe(404);
      expect((await get(path)).status).toBe(401);
    }
    expect((await get(`/tickets/event/${event.eventId}`, stranger)).status).toBe(403);
  });

  it('of one event are listed for its organizers', async () => {
    const other = await addEvent(api.db, event.tenantId);
    const { ticketIds } = await addTickets(api.db, other, await addPerson(api.db), 3);
    expect(idsOf(await get(`/tickets/event/${other.eventId}`, owner))).toEqual(ticketIds.reverse());
    expect((await get(`/tickets/event/${other.eventId}`, scanner)).status).toBe(403);
  });
});

describe('the paper of a ticket', () => {
  const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length;

  it('is a PDF of one page, for holder and organizer', async () => {
    const holder = await addPerson(api.db);
    const { ticketIds } = await addTickets(api.db, event, holder);
    const { body: ticket } = await get(`/tickets/${ticketIds[0]}`, holder);
    for (const who of [holder, owner]) {
      const { status, headers, body } = await get(`/tickets/${ticketIds[0]}/pdf`, who);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(headers.get('content-disposition')).toBe(`inline; filename="ticket-${ticket.number}.pdf"`);
      expect([body.subarray(0, 5).toString(), pagesOf(body)]).toEqual(['%PDF-', 1]);
    }
  });

  it('of a whole order goes to other services in one file, without what was given back', async () => {
    const { orderId, ticketIds } = await addTickets(api.db, event, await addPerson(api.db), 3);
    await api.db.asOwner(`update tickets set status = 'void' where id = $1`, [ticketIds[1]]);
    const path = `/internal/orders/${orderId}/tickets.pdf`;
    const { status, headers, body } = await api.callInternally(path, 'notification-service');
    expect([status, headers.get('content-type'), pagesOf(body)]).toEqual([200, 'application/pdf', 2]);
    expect(
      (await api.callInternally(`/internal/orders/${randomUUID()}/tickets.pdf`, 'notification-service')).status,
    ).toBe(404);
  });
});

describe('another service', () => {
  it('reads any ticket by its id', async () => {
    const { ticketIds } = await addTickets(api.db, event, await addPerson(api.db));
    expect((await api.callInternally(`/internal/tickets/${ticketIds[0]}`)).body).toMatchObject({ id: ticketIds[0] });
    expect((await api.callInternally(`/internal/tickets/${randomUUID()}`)).status).toBe(404);
  });
});
