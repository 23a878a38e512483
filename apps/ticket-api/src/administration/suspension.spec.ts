import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { openTicketApi, type Answer, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { TransfersModule } from '../transfers/transfers.module.js';
import { AdministrationModule } from './administration.module.js';

const ADMIN = 'admin@example.org';
const tags = [
  'organizations',
  'administration',
  'catalogue',
  'orders',
  'tickets',
  'ticket codes',
  'ticket files',
  'check-in',
  'bookings',
];

let api: TicketApi;
let admin: Identity;
let buyer: Identity;
let owner: Identity;
let scanner: Identity;
let event: SeededEvent;
/** Sold before the suspension. */
let sold: { orderId: string; ticketIds: string[] };
let code: string;

beforeAll(async () => {
  const features = [
    AdministrationModule,
    OrganizationsModule,
    CatalogueModule,
    OrdersModule,
    TicketsModule,
    TransfersModule,
    CheckInModule,
  ];
  api = await openTicketApi(features, tags, { platformAdmins: [ADMIN] });
  admin = { ...(await addPerson(api.db)), email: ADMIN };
  [buyer, owner, scanner] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { owner, scanner }));
  sold = await addTickets(api.db, event, buyer, 4);
  code = (await call('GET', `/tickets/${sold.ticketIds[0]}/qr?format=json&kind=static`, buyer)).body.code;
});
afterAll(() => api.close());

const call = (method: string, path: string, as?: Identity, body?: unknown): Promise<Answer> =>
  api.call(method, path, { ...(as ? { as } : {}), body });
const suspend = (tenantId = event.tenantId, as = admin, reason = 'Tickets that never came') =>
  call('POST', `/admin/organizations/${tenantId}/suspend`, as, { reason });
const reinstate = (tenantId = event.tenantId, as = admin) =>
  call('POST', `/admin/organizations/${tenantId}/reinstate`, as);
const order = ({ eventId, typeId }: SeededEvent) =>
  call('POST', '/orders', buyer, { eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] });
const refusal = ({ status, body }: Answer) => [status, body.code];
const SUSPENDED = [403, 'organization-suspended'];

describe('a suspended organization', () => {
  let draft: SeededEvent;
  let invitation: string;
  beforeAll(async () => {
    draft = await addEvent(api.db, event.tenantId, { status: 'draft' });
    invitation = (
      await call('POST', `/organizations/${event.tenantId}/members`, owner, { email: buyer.email, role: 'scanner' })
    ).body.id;
    await api.db.asOwner('update users set email_verified_at = now()');
    expect((await suspend()).status).toBe(200);
    const suspended = { event: 'organization.suspended', tenantId: event.tenantId, userId: admin.userId };
    expect(api.securityEvents.at(-1)).toMatchObject(suspended);
  });
  afterAll(async () => {
    expect((await reinstate()).body).toMatchObject({ status: 'active', suspendedAt: null, reason: null });
    const reinstated = { event: 'organization.reinstated', tenantId: event.tenantId, userId: admin.userId };
    expect(api.securityEvents.at(-1)).toMatchObject(reinstated);
    expect((await order(event)).status).toBe(201);
    expect((await call('GET', `/events/${event.eventId}`)).status).toBe(200);
    expect((await call('PATCH', `/events/${draft.eventId}`, owner, { title: 'Rock' })).status).toBe(200);
  });

  it('sells nothing more, at no door', async () => {
    for (const path of ['/orders', '/tickets/reserve', '/tickets/purchase', '/mgmt/bookings']) {
      const wish = { eventId: event.eventId, items: [{ ticketTypeId: event.typeId, quantity: 1 }] };
      const answer = await call('POST', path, buyer, wish);
      expect([path, ...refusal(answer)]).toEqual([path, 409, 'sales-closed']);
      expect(answer.body.detail).toBe('The organizer sells no tickets at the moment.');
    }
    const desk = await call('PUT', `/mgmt/bookings/${sold.orderId}/confirm`, owner);
    expect(refusal(desk)).toEqual(SUSPENDED);
  });

  it('has its events hidden from the public, and not from its own people', async () => {
    for (const path of ['', '/availability']) {
      for (const who of [undefined, buyer, admin])
        expect((await call('GET', `/events/${event.eventId}${path}`, who)).status).toBe(404);
      for (const who of [owner, scanner])
        expect((await call('GET', `/events/${event.eventId}${path}`, who)).status).toBe(200);
    }
    expect((await call('GET', `/events?organizationId=${event.tenantId}`)).body.data).toEqual([]);
    expect((await call('GET', `/tickets/event/${event.eventId}/available`)).status).toBe(404);
  });

  it('is read and not changed by its people, who see that it is suspended', async () => {
    const { body } = await call('GET', '/organizations', owner);
    expect(body.data[0]).toMatchObject({ id: event.tenantId, status: 'suspended' });
    const { tenantId, eventId } = event;
    const member = `/organizations/${tenantId}/members`;
    const type = { name: 'Seat', price: { amount: 1, currency: 'EUR' }, capacity: 1 };
    const venue = { name: 'Hall' };
    const times = { startsAt: '2030-01-01T20:00:00Z', endsAt: '2030-01-01T22:00:00Z', timezone: 'UTC' };
    for (const [method, path, given] of [
      ['POST', '/events', { organizationId: tenantId, title: 'Jazz', venue, ...times }],
      ['PATCH', `/events/${eventId}`, { title: 'Rock' }],
      ['POST', `/events/${draft.eventId}/publish`, undefined],
      ['POST', `/events/${eventId}/ticket-types`, type],
      ['PATCH', `/events/${eventId}/ticket-types/${event.typeId}`, { name: 'Seat' }],
      ['PATCH', `/organizations/${tenantId}`, { name: 'Other' }],
      ['POST', member, { email: 'x@example.org', role: 'owner' }],
      ['PATCH', `${member}/${scanner.userId}`, { role: 'owner' }],
      ['DELETE', `${member}/${scanner.userId}`, undefined],
      ['DELETE', `/organizations/${tenantId}/invitations/${invitation}`, undefined],
    ] as const)
      expect([path, ...refusal(await call(method, path, owner, given))]).toEqual([path, ...SUSPENDED]);
    for (const path of [member, `/organizations/${tenantId}/invitations`, `/tickets/event/${eventId}`])
      expect((await call('GET', path, owner)).status).toBe(200);
    expect((await call('GET', `/tickets/user/${buyer.userId}/event/${eventId}`, owner)).status).toBe(200);
  });

  it('lets nobody join', async () => {
    expect(refusal(await call('POST', `/organizations/invitations/${invitation}/accept`, buyer))).toEqual(SUSPENDED);
  });

  it('leaves buyers what they have: orders, tickets, codes, the PDF, and their money on request', async () => {
    const { orderId, ticketIds } = sold;
    const mine = await call('GET', '/orders', buyer);
    expect(mine.body.data.map(({ id }: { id: string }) => id)).toContain(orderId);
    expect((await call('GET', '/tickets', buyer)).body.data).toHaveLength(4);
    const { body } = await call('GET', '/mgmt/bookings/user/me', buyer);
    expect(body.data[0].event).toMatchObject({ id: event.eventId, title: 'Jazz' });
    for (const path of [`/orders/${orderId}`, `/orders/${orderId}/timeline`, `/tickets/${ticketIds[3]}`])
      expect((await call('GET', path, buyer)).status).toBe(200);
    const ofEvent = await call('GET', `/tickets/user/me/event/${event.eventId}`, buyer);
    expect(ofEvent.body.data).toHaveLength(4);
    for (const path of ['qr', 'pdf'])
      expect((await call('GET', `/tickets/${ticketIds[3]}/${path}`, buyer)).status).toBe(200);
    expect((await call('DELETE', `/tickets/${ticketIds[3]}`, buyer)).status).toBe(202);
  });

  it('admits who comes, and gives money back', async () => {
    const [first, second, third] = sold.ticketIds;
    expect((await call('POST', `/tickets/${first}/validate`, scanner, { code })).body.valid).toBe(true);
    expect((await call('POST', '/tickets/checkin', scanner, { code })).status).toBe(200);
    const refund = { ticketIds: [second] };
    expect((await call('POST', `/orders/${sold.orderId}/refund`, owner, refund)).status).toBe(202);
    expect((await call('DELETE', `/tickets/${third}`, owner)).status).toBe(202);
  });

  it('cancels its events', async () => {
    const doomed = await addEvent(api.db, event.tenantId);
    await suspend();
    expect((await call('POST', `/events/${doomed.eventId}/cancel`, owner)).status).toBe(202);
  });

  it('stays suspended for the first reason', async () => {
    const again = await suspend(event.tenantId, admin, 'Another reason');
    expect(again.body).toMatchObject({ status: 'suspended', reason: 'Tickets that never came' });
  });
});

describe('suspending', () => {
  it('is for administrators with a proven e-mail of ours', async () => {
    const other = await addOrganization(api.db, { owner });
    for (const who of [owner, buyer, { ...admin, emailVerified: false }, { ...admin, issuer: 'https://idp.example' }])
      for (const answer of [await suspend(other, who), await reinstate(other, who)])
        expect(refusal(answer)).toEqual([403, 'forbidden']);
    expect((await suspend('0190a6e0-0000-7000-8000-00000000000a')).status).toBe(404);
    expect((await call('POST', `/admin/organizations/${other}/suspend`, admin, { reason: ' ' })).status).toBe(422);
    expect((await call('GET', '/organizations', owner)).body.data.every((o: any) => o.status === 'active')).toBe(true);
  });

  it("touches no other organization's events", async () => {
    const elsewhere = await addEvent(api.db, await addOrganization(api.db, { owner }));
    await suspend(await addOrganization(api.db, { owner }));
    expect((await order(elsewhere)).status).toBe(201);
  });

  it('an order that was placed before it counts, one that comes after does not', async () => {
    const raced = await addEvent(api.db, await addOrganization(api.db, { owner }));
    let suspended: Promise<Answer> | undefined;
    let placed: Promise<Answer> | undefined;
    await api.db.database.asTenant(raced.tenantId, async (other) => {
      await other.query('select from events where id = $1 for no key update', [raced.eventId]);
      suspended = suspend(raced.tenantId);
      await untilWaiting(api.db, 1);
      placed = order(raced);
      expect((await placed).status).toBe(201);
    });
    expect((await suspended!).status).toBe(200);
    expect(refusal(await order(raced))).toEqual([409, 'sales-closed']);
    const { body } = await placed!;
    expect((await call('GET', `/orders/${body.id}`, buyer)).body.status).toBe('pending');
    expect((await call('POST', '/tickets/purchase', buyer, { orderId: body.id })).status).toBe(201);
  });

  it('an event that is being published is hidden with the others', async () => {
    const late = await addEvent(api.db, await addOrganization(api.db, { owner }), { status: 'draft' });
    let suspended: Promise<Answer> | undefined;
    await api.db.database.asTenant(late.tenantId, async (other) => {
      await other.execute(`update events set status = 'published' where id = $1`, [late.eventId]);
      suspended = suspend(late.tenantId);
      await untilWaiting(api.db, 1);
    });
    await suspended;
    expect((await call('GET', `/events/${late.eventId}`)).status).toBe(404);
    await reinstate(late.tenantId);
    expect((await call('GET', `/events/${late.eventId}`)).status).toBe(200);
  });
});

describe('the list of organizations', () => {
  it('is for administrators, page by page, by part of the name, slug and status', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(await addOrganization(api.db, { owner }));
    await api.db.asOwner(`update organizations set name = 'Blue Note' where tenant_id = any($1)`, [ids]);
    await suspend(ids[1]);
    const list = async (query: string) => (await call('GET', `/admin/organizations?${query}`, admin)).body;
    const first = await list('q=blue&limit=2');
    const second = await list(`q=blue&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual([...ids].sort());
    expect(second.nextCursor).toBeNull();
    const [only] = (await list('q=BLUE&status=suspended')).data;
    expect(only).toMatchObject({
      id: ids[1],
      name: 'Blue Note',
      status: 'suspended',
      reason: 'Tickets that never came',
    });
    expect((await list('q=blue&status=active')).data).toHaveLength(2);
    expect((await list(`q=org-${ids[0]}`)).data).toHaveLength(1);
    expect((await call('GET', '/admin/organizations', owner)).status).toBe(403);
    expect((await call('GET', '/admin/organizations')).status).toBe(401);
  });
});
