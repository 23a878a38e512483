import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { operations } from '@app/contracts';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { walletConfig } from '../wallets.js';
import { PrintableTickets } from './printable-ticket.js';
import { appleAccount, googleAccount } from './testing/wallet-accounts.js';
import { TicketsModule } from './tickets.module.js';

const lists = operations.filter(({ id }) => /^list(My)?Tickets/.test(id)).map(({ id }) => id);
const handled = [...lists, 'getTicket', 'ticket codes', 'ticket files'];

let api: TicketApi;
let owner: Identity;
let holder: Identity;
let event: SeededEvent;

beforeAll(async () => {
  const wallets = walletConfig({ ...appleAccount(), ...googleAccount().environment });
  api = await openTicketApi([TicketsModule], handled, { wallets });
  [owner, holder] = [await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { owner }));
});
afterAll(() => api.close());

const get = (path: string, as: Identity) => api.call('GET', path, { as });
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length;
const oneTicket = async () => `/tickets/${(await addTickets(api.db, event, holder)).ticketIds[0]}`;

describe("an order's tickets on paper", () => {
  it('are one file for the buyer and for organizers, without what was given back', async () => {
    const { orderId, ticketIds } = await addTickets(api.db, event, holder, 3);
    await api.db.asOwner(`update tickets set status = 'void' where id = $1`, [ticketIds[1]]);
    for (const who of [holder, owner]) {
      const { status, headers, body } = await get(`/orders/${orderId}/pdf`, who);
      expect([status, headers.get('content-type'), pagesOf(body)]).toEqual([200, 'application/pdf', 2]);
      expect(headers.get('cache-control')).toBe('private, no-store');
    }
  });

  it('are without what the buyer handed on: that is printed by its holder and by organizers', async () => {
    const friend = await addPerson(api.db);
    const { orderId, ticketIds } = await addTickets(api.db, event, holder, 3);
    await api.db.asOwner('update tickets set holder_id = $2 where id = $1', [ticketIds[0], friend.userId]);
    expect(pagesOf((await get(`/orders/${orderId}/pdf`, holder)).body)).toBe(2);
    expect(pagesOf((await get(`/orders/${orderId}/pdf`, owner)).body)).toBe(3);
    expect((await get(`/orders/${orderId}/pdf`, friend)).status).toBe(404);
    expect((await get(`/tickets/${ticketIds[0]}/pdf`, friend)).status).toBe(200);
  });

  it('are printed from the place on that is asked for, and beyond the last there are none', async () => {
    const { orderId } = await addTickets(api.db, event, holder, 3);
    expect(pagesOf((await get(`/orders/${orderId}/pdf?from=3`, holder)).body)).toBe(1);
    expect((await get(`/orders/${orderId}/pdf?from=4`, holder)).status).toBe(404);
    for (const from of ['0', '-1', 'x', '1.5'])
      expect((await get(`/orders/${orderId}/pdf?from=${from}`, holder)).status).toBe(422);
  });

  it('are at most 500 in one file, and the next begins with the 501st', async () => {
    const large = await addEvent(api.db, event.tenantId, { capacity: 600 });
    const { orderId } = await addTickets(api.db, large, holder, 501);
    // Read, and not drawn: that takes seconds.
    const tickets = api.app.get(PrintableTickets, { strict: false });
    const first = await tickets.ofOrder(event.tenantId, orderId, { holder: null });
    const second = await tickets.ofOrder(event.tenantId, orderId, { holder: null, from: 501 });
    expect([first.tickets.length, first.of, second.tickets.length, second.of]).toEqual([500, 501, 1, 501]);
    expect(Number(second.tickets[0]?.number)).toBeGreaterThan(Number(first.tickets.at(-1)?.number));
  });

  it('are none once the event is cancelled, also while its orders are being ended', async () => {
    const cancelled = await addEvent(api.db, event.tenantId);
    const { orderId } = await addTickets(api.db, cancelled, holder);
    await api.db.asOwner(`update events set status = 'cancelled', cancelled_at = now() where id = $1`, [
      cancelled.eventId,
    ]);
    for (const who of [holder, owner]) expect((await get(`/orders/${orderId}/pdf`, who)).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    const { orderId } = await addTickets(api.db, event, holder);
    expect((await get(`/orders/${orderId}/pdf`, await addPerson(api.db))).status).toBe(404);
  });
});

describe("a calendar's entry", () => {
  it('goes to the holder, for the event as it is now', async () => {
    const path = await oneTicket();
    const { status, headers, body } = await get(`${path}/calendar`, holder);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8; method=PUBLISH']);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body.toString()).toContain(`UID:${event.eventId}`);
    expect((await get(`${path}/calendar`, owner)).status).toBe(404);
  });

  it('says that the event was cancelled, when its tickets are void', async () => {
    const cancelled = await addEvent(api.db, event.tenantId);
    const { orderId, ticketIds } = await addTickets(api.db, cancelled, holder);
    await api.db.asOwner(`update tickets set status = 'void' where id = $1`, [ticketIds[0]]);
    expect((await get(`/tickets/${ticketIds[0]}/calendar`, holder)).body.code).toBe('ticket-void');
    await api.db.asOwner(`update events set status = 'cancelled', cancelled_at = now() where id = $1`, [
      cancelled.eventId,
    ]);
    expect((await get(`/tickets/${ticketIds[0]}/calendar`, holder)).body.toString()).toContain('STATUS:CANCELLED');
    const internal = await api.callInternally(`/internal/orders/${orderId}/calendar.ics`, 'notification-service');
    expect(internal.body.toString()).toContain('STATUS:CANCELLED');
  });

  it('of an order goes to the service that mails it', async () => {
    const { orderId } = await addTickets(api.db, event, holder, 2);
    const path = `/internal/orders/${orderId}/calendar.ics`;
    const { status, body } = await api.callInternally(path, 'notification-service');
    expect([status, body.toString().match(/BEGIN:VEVENT/g)]).toEqual([200, ['BEGIN:VEVENT']]);
    expect((await api.callInternally(path, 'payment-service')).status).toBe(403);
    const nothing = `/internal/orders/${randomUUID()}/calendar.ics`;
    expect((await api.callInternally(nothing, 'notification-service')).status).toBe(404);
  });
});

describe('a pass for a wallet', () => {
  it("has the ticket's printed code, and goes to its holder alone", async () => {
    const path = await oneTicket();
    const { status, headers, body } = await get(`${path}/wallet/apple`, holder);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/vnd.apple.pkpass']);
    expect([headers.get('cache-control'), body.subarray(0, 2).toString()]).toEqual(['private, no-store', 'PK']);
    const google = await get(`${path}/wallet/google`, holder);
    expect(google.body.saveUrl).toMatch(/^https:\/\/pay\.google\.com\/gp\/v\/save\//);
    expect(google.headers.get('cache-control')).toBe('private, no-store');
    for (const wallet of ['apple', 'google']) expect((await get(`${path}/wallet/${wallet}`, owner)).status).toBe(404);
  });

  it.each([
    ['void', 'ticket-void'],
    ['frozen', 'ticket-frozen'],
  ])('is not made of a ticket that is %s, nor is its calendar entry', async (status, code) => {
    const { ticketIds } = await addTickets(api.db, event, holder);
    await api.db.asOwner('update tickets set status = $2 where id = $1', [ticketIds[0], status]);
    for (const file of ['wallet/apple', 'wallet/google', 'calendar']) {
      const answer = await get(`/tickets/${ticketIds[0]}/${file}`, holder);
      expect([answer.status, answer.body.code]).toEqual([409, code]);
    }
  });
});

describe('a wallet that is not set up', () => {
  it.each([
    ['without its variables', () => ({}), 'apple', 'APPLE_PASS_TYPE_ID'],
    ['without its variables', () => ({}), 'google', 'GOOGLE_WALLET_ISSUER_ID'],
    [
      'with a certificate that has ended',
      () => appleAccount({ endsAt: new Date(Date.now() - 1000) }),
      'apple',
      'certificate',
    ],
  ])('%s is told, with what its operator has to set', async (_, environment, wallet, word) => {
    const other = await openTicketApi([TicketsModule], handled, { wallets: walletConfig(environment()) });
    try {
      const person = await addPerson(other.db);
      const { ticketIds } = await addTickets(
        other.db,
        await addEvent(other.db, await addOrganization(other.db, {})),
        person,
      );
      const { status, body } = await other.call('GET', `/tickets/${ticketIds[0]}/wallet/${wallet}`, { as: person });
      expect([status, body.code, body.detail]).toEqual([409, 'wallet-not-configured', expect.stringContaining(word)]);
    } finally {
      await other.close();
    }
  });
});
