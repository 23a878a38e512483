import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '@app/auth';
import type { Scope } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { addEvent, addOrganization } from '../testing/seed.js';
import { BoxOffice, money, PRICE } from './testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

const key = (tenantId: string, ...scopes: Scope[]): ApiKey => ({ keyId: uuid(), tenantId, name: 'Desk', scopes });
const call = (as: ApiKey, method: string, path: string, body?: object, headers = {}) =>
  office.api.call(method, path, { as, body, headers });
const bought = async (quantity = 1) => {
  const { body } = await office.place(quantity);
  await office.hear(() => office.paid(body.id, uuid(), quantity * PRICE));
  return body.id as string;
};

describe("an organization's key", () => {
  it('gives an order back as its organizer, once for its Idempotency-Key; the deed bears its name', async () => {
    const desk = key(office.tenantId, 'orders:read', 'orders:write');
    const id = await bought(2);
    const headers = { 'idempotency-key': uuid() };
    const path = `/orders/${id}/refund`;
    const ticketIds = (await office.read(id)).tickets.map((ticket: { id: string }) => ticket.id);
    const override = { ticketIds, override: { reason: 'The band was ill.' } };
    const first = await call(desk, 'POST', path, override, headers);
    expect(first).toMatchObject({ status: 202, body: { refundPending: money(2 * PRICE) } });
    const again = await call(desk, 'POST', path, override, headers);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    const other = await bought();
    expect(await call(desk, 'POST', `/orders/${other}/resend-mail`)).toMatchObject({
      status: 202,
      body: { detail: { by: { id: desk.keyId, name: 'Desk', role: 'organizer' } } },
    });
    expect(await call(desk, 'GET', `/orders/${other}/timeline`)).toMatchObject({ status: 200 });
  });

  it('confirms and cancels bookings, and reads those of a person at its organization alone', async () => {
    const desk = key(office.tenantId, 'orders:read', 'orders:write');
    const [one, two] = [(await office.place()).body.id, (await office.place()).body.id];
    expect(await call(desk, 'PUT', `/mgmt/bookings/${one}/confirm`)).toMatchObject({ status: 200 });
    expect(await call(desk, 'PUT', `/mgmt/bookings/${two}/cancel`)).toMatchObject({ status: 200 });
    const { buyer } = office.people;
    const bookings = async (as: ApiKey) => (await call(as, 'GET', `/mgmt/bookings/user/${buyer.userId}`)).body.data;
    const ids = (await bookings(desk)).flatMap((group: any) => group.bookings.map((order: any) => order.id));
    expect(ids).toEqual(expect.arrayContaining([one, two]));
    const elsewhere = key(await addOrganization(office.api.db, {}), 'orders:read', 'orders:write');
    expect(await bookings(elsewhere)).toEqual([]);
    expect(await call(elsewhere, 'GET', `/orders/${one}`)).toMatchObject({ status: 404 });
    expect(await call(elsewhere, 'POST', `/orders/${one}/refund`)).toMatchObject({ status: 404 });
  });

  it('sees and changes drafts of its organization, with the scope; nobody elses', async () => {
    const writer = key(office.tenantId, 'events:read', 'events:write');
    const draft = await addEvent(office.api.db, office.tenantId, { status: 'draft' });
    const page = `/events/${draft.eventId}`;
    expect(await call(writer, 'GET', page)).toMatchObject({ status: 200, body: { status: 'draft' } });
    expect(await call(writer, 'GET', `${page}/availability`)).toMatchObject({ status: 200 });
    expect(await call(writer, 'GET', `/tickets/event/${draft.eventId}/available`)).toMatchObject({ status: 200 });
    expect(await call(writer, 'PATCH', page, { title: 'Blues' })).toMatchObject({ status: 200 });
    const type = { name: 'Seat', price: money(100), capacity: 5 };
    const headers = { 'idempotency-key': uuid() };
    expect(await call(writer, 'POST', `${page}/ticket-types`, type, headers)).toMatchObject({ status: 201 });
    expect(await call(writer, 'POST', `${page}/ticket-types`, type, headers)).toMatchObject({ status: 201 });
    expect(await call(key(office.tenantId, 'orders:read'), 'GET', page)).toMatchObject({ status: 404 });
    const elsewhere = key(await addOrganization(office.api.db, {}), 'events:read', 'events:write');
    expect(await call(elsewhere, 'GET', page)).toMatchObject({ status: 404 });
    expect(await call(elsewhere, 'PATCH', page, { title: 'x' })).toMatchObject({ status: 404 });
  });

  it('cancels an event only with both scopes', async () => {
    const path = `/events/${office.eventId}/cancel`;
    expect(await call(key(office.tenantId, 'events:write'), 'POST', path)).toMatchObject({ status: 403 });
    expect(await call(key(office.tenantId, 'orders:write'), 'POST', path)).toMatchObject({ status: 403 });
    const both = key(office.tenantId, 'events:write', 'orders:write', 'orders:read');
    expect(await call(both, 'POST', path, undefined, { 'idempotency-key': uuid() })).toMatchObject({ status: 202 });
    expect(await call(both, 'GET', `/events/${office.eventId}/cancellation`)).toMatchObject({ status: 200 });
  });

  it('is never a buyer', async () => {
    const all = key(
      office.tenantId,
      ...(['events:read', 'events:write', 'orders:read', 'orders:write', 'tickets:read', 'checkin'] as const),
    );
    const id = (await office.place()).body.id;
    for (const [method, path, body] of [
      ['POST', '/orders', office.wish()],
      ['POST', '/mgmt/bookings', office.wish()],
      ['POST', '/tickets/reserve', office.wish()],
      ['POST', '/tickets/purchase', office.wish()],
      ['GET', '/orders', undefined],
      ['POST', `/orders/${id}/cancel`, undefined],
    ] as const)
      expect(await call(all, method, path, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await call(all, 'GET', '/mgmt/bookings/user/me')).toMatchObject({ status: 404 });
  });
});
