import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { operations, type AuditAction, type AuditLogEntry } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AdministrationModule } from '../administration/administration.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { OfflineGatesModule } from '../offline-gates/offline-gates.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { OnPaymentRefunded } from '../orders/on-payment-refunded/on-payment-refunded.js';
import { OnPaymentSucceeded } from '../orders/on-payment-succeeded/on-payment-succeeded.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { openTicketApi, type Answer, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, type SeededEvent } from '../testing/seed.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { TransfersModule } from '../transfers/transfers.module.js';
import { AuditLogReadingModule } from './audit-log.module.js';
import { changesBetween, withoutTexts } from './changes.js';
import { ForgetNetworks } from './forget-networks/forget-networks.js';

const PRICE = { amount: 4500, currency: 'EUR' };
const features = [
  ...[AuthorizationModule, OrganizationsModule, AdministrationModule],
  ...[CatalogueModule, CheckInModule, OrdersModule, TicketsModule, ApiKeysModule, AuditLogReadingModule],
  TransfersModule,
  ...[DevicesModule, OfflineGatesModule],
];
const handled = [
  'organizations',
  'administration',
  'catalogue',
  'orders',
  'bookings',
  'tickets',
  'audit-log',
  'check-in',
  'api keys',
  'offline gates',
  'ticket codes',
  'ticket files',
];

const ADMIN = 'admin@example.org';

let api: TicketApi;
let admin: Identity;
/** That the administrator stops and lets go on. */
let otherTenant: string;
let owner: Identity;
let organizer: Identity;
let buyer: Identity;
let tenantId: string;
let event: SeededEvent;

beforeAll(async () => {
  api = await openTicketApi(features, handled, { platformAdmins: [ADMIN] });
  [owner, organizer, buyer] = [
    await addPerson(api.db, 'Olga'),
    await addPerson(api.db, 'Omar'),
    await addPerson(api.db),
  ];
  await api.db.asOwner('update users set email_verified_at = now()');
  tenantId = await addOrganization(api.db, { owner, organizer });
  admin = { ...(await addPerson(api.db)), email: ADMIN };
  otherTenant = await addOrganization(api.db, { owner: await addPerson(api.db) });
  event = await addEvent(api.db, tenantId, { maxPerOrder: 6 });
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown, as = organizer) =>
  api.call(method, path, { as, body, headers: { 'x-forwarded-for': '192.0.2.77', 'x-request-id': 'audited' } });

/** @returns the order's id; paid unless told otherwise */
async function bought(quantity = 1, isPaid = true): Promise<string> {
  const items = [{ ticketTypeId: event.typeId, quantity }];
  const { body } = await call('POST', '/orders', { eventId: event.eventId, items }, buyer);
  const data = { orderId: body.id, paymentId: uuid(), amount: { ...PRICE, amount: quantity * PRICE.amount } };
  if (isPaid) await hear(() => api.app.get(OnPaymentSucceeded, { strict: false }).handle([envelope(data)]));
  return body.id;
}
const hear = (work: () => Promise<void>) => api.db.database.asTenant(tenantId, work);
const envelope = <Data>(data: Data) => {
  const ids = { id: uuid(), correlationId: uuid() };
  return { ...ids, type: '', tenantId, occurredAt: new Date().toISOString(), data };
};
async function invited(role = 'scanner'): Promise<{ person: Identity; id: string }> {
  const person = await addPerson(api.db, 'Iris');
  await api.db.asOwner('update users set email_verified_at = now()');
  const { body } = await call('POST', `/organizations/${tenantId}/members`, { email: person.email, role }, owner);
  return { person, id: body.id };
}
async function takenUp(how: 'retried' | 'settled'): Promise<Answer> {
  const by = { id: organizer.userId, name: 'Omar', role: 'organizer' };
  const message = envelope({ orderId: await bought(), refundId: uuid(), amount: PRICE, how, by });
  await hear(() => api.app.get(OnPaymentRefunded, { strict: false }).takenUp(message.data, message));
  return { status: 200, body: {}, headers: new Headers() };
}

interface Recorded {
  records: AuditAction;
  /** Whose entry it is, if not the organizer's. */
  by?: () => string;
  /** Where the entry lies, if not at the organization of this spec. */
  at?: (answer: Answer) => string;
  do: () => Promise<Answer>;
}
const newEvent = () => ({
  ...{ organizationId: tenantId, title: 'Jazz', venue: { name: 'Hall' }, timezone: 'UTC' },
  ...{ startsAt: '2099-05-01T18:00:00Z', endsAt: '2099-05-01T21:00:00Z' },
});
const gate = async (name: string) => (await call('POST', `/events/${event.eventId}/gates`, { name })).body.id as string;
const draft = async () => (await addEvent(api.db, tenantId, { status: 'draft' })).eventId;
const shop = { name: 'Shop', scopes: ['orders:read'] };
const ownerId = () => owner.userId;
const adminId = () => admin.userId;
const atTheGate = 'admissions are no privilege: the scan log tells who, when and where';
const buyersOwn = "a buyer's own order";
const holdersOwn = 'of the persons between whom a ticket goes: the history of the ticket tells it';

/**
 * Every write by somebody who is signed in, but to one's own account: what it leaves in the log, or why nothing. Of what is
 * decided in payment-service ticket-api hears by message.
 */
const deeds: Record<string, Recorded | string> = {
  createOrganization: {
    ...{ records: 'organization.created', by: ownerId, at: (answer: Answer) => answer.body.id as string },
    do: () => call('POST', '/organizations', { name: 'Club', slug: `club-${uuid()}` }, owner),
  },
  inviteMember: {
    ...{ records: 'member.invited', by: ownerId },
    do: () => call('POST', `/organizations/${tenantId}/members`, { email: 'new@example.org', role: 'scanner' }, owner),
  },
  acceptInvitation: {
    records: 'member.joined',
    by: () => joining.userId,
    do: async () => {
      const { person, id } = await invited();
      joining = person;
      return call('POST', `/organizations/invitations/${id}/accept`, undefined, person);
    },
  },
  updateOrganization: {
    ...{ records: 'organization.updated', by: ownerId },
    do: () => call('PATCH', `/organizations/${tenantId}`, { name: 'Club' }, owner),
  },
  createApiKey: {
    ...{ records: 'api-key.created', by: ownerId },
    do: () => call('POST', `/organizations/${tenantId}/api-keys`, shop, owner),
  },
  revokeApiKey: {
    ...{ records: 'api-key.revoked', by: ownerId },
    do: async () => {
      const { body } = await call('POST', `/organizations/${tenantId}/api-keys`, shop, owner);
      return call('DELETE', `/organizations/${tenantId}/api-keys/${body.id}`, undefined, owner);
    },
  },
  registerDevice: {
    records: 'device.registered',
    do: () => call('POST', `/organizations/${tenantId}/devices`, { name: 'Handheld' }),
  },
  revokeDevice: {
    records: 'device.revoked',
    do: async () => {
      const { body } = await call('POST', `/organizations/${tenantId}/devices`, { name: 'Handheld' });
      return call('DELETE', `/organizations/${tenantId}/devices/${body.id}`);
    },
  },
  uploadCheckins: atTheGate,
  suspendOrganization: {
    ...{ records: 'organization.suspended', by: adminId, at: () => otherTenant },
    do: () => call('POST', `/admin/organizations/${otherTenant}/suspend`, { reason: 'No tickets' }, admin),
  },
  reinstateOrganization: {
    ...{ records: 'organization.reinstated', by: adminId, at: () => otherTenant },
    do: () => call('POST', `/admin/organizations/${otherTenant}/reinstate`, undefined, admin),
  },
  changeRole: {
    ...{ records: 'member.role-changed', by: ownerId },
    do: () => call('PATCH', `/organizations/${tenantId}/members/${joining.userId}`, { role: 'organizer' }, owner),
  },
  revokeInvitation: {
    ...{ records: 'invitation.revoked', by: ownerId },
    do: async () => call('DELETE', `/organizations/${tenantId}/invitations/${(await invited()).id}`, undefined, owner),
  },
  removeMember: {
    ...{ records: 'member.removed', by: ownerId },
    do: () => call('DELETE', `/organizations/${tenantId}/members/${joining.userId}`, undefined, owner),
  },
  createEvent: { records: 'event.created', do: () => call('POST', '/events', newEvent()) },
  updateEvent: {
    records: 'event.updated',
    do: () =>
      call('PATCH', `/events/${event.eventId}`, {
        title: 'Blues',
        description: 'by Iris herself',
        transfersAllowed: false,
      }),
  },
  publishEvent: { records: 'event.published', do: async () => call('POST', `/events/${await draft()}/publish`) },
  cancelEvent: { records: 'event.cancelled', do: async () => call('POST', `/events/${await draft()}/cancel`) },
  renewTicketKeys: {
    records: 'event.ticket-keys-renewed',
    do: () => call('POST', `/events/${event.eventId}/ticket-keys`, { revokeEarlier: true }),
  },
  createTicketType: {
    records: 'ticket-type.created',
    do: () => call('POST', `/events/${event.eventId}/ticket-types`, { name: 'Box', price: PRICE, capacity: 5 }),
  },
  updateTicketType: {
    records: 'ticket-type.updated',
    do: () => call('PATCH', `/events/${event.eventId}/ticket-types/${event.typeId}`, { capacity: 90 }),
  },
  confirmBooking: {
    records: 'order.confirmed-at-desk',
    do: async () => call('PUT', `/mgmt/bookings/${await bought(1, false)}/confirm`),
  },
  cancelBooking: {
    records: 'order.cancelled',
    do: async () => call('PUT', `/mgmt/bookings/${await bought(1, false)}/cancel`),
  },
  refundOrder: { records: 'order.refunded', do: async () => call('POST', `/orders/${await bought()}/refund`) },
  refundBooking: { records: 'order.refunded', do: async () => call('PUT', `/mgmt/bookings/${await bought()}/refund`) },
  returnTicket: {
    records: 'order.refunded',
    do: async () => {
      const { body } = await call('GET', `/orders/${await bought()}`);
      return call('DELETE', `/tickets/${body.tickets[0].id}`);
    },
  },
  resendMail: {
    records: 'order.mail-requested',
    do: async () => call('POST', `/orders/${await bought()}/resend-mail`),
  },
  recheckOrder: {
    records: 'order.recheck-requested',
    do: async () => {
      const id = await bought(1, false);
      await api.db.asOwner('update orders set payment_opened_at = now() where id = $1', [id]);
      return call('POST', `/orders/${id}/recheck`);
    },
  },
  createGate: { records: 'gate.created', do: () => call('POST', `/events/${event.eventId}/gates`, { name: 'North' }) },
  updateGate: {
    records: 'gate.updated',
    do: async () => call('PATCH', `/events/${event.eventId}/gates/${await gate('West')}`, { name: 'East' }),
  },
  deleteGate: {
    records: 'gate.removed',
    do: async () => call('DELETE', `/events/${event.eventId}/gates/${await gate('South')}`),
  },
  undoCheckIn: {
    records: 'admission.undone',
    do: async () => {
      const [ticket] = await api.db.asOwner<{ id: string }>(
        `update tickets set status = 'checked_in', checked_in_at = now() where order_id = $1 returning id`,
        [await bought()],
      );
      return call('POST', `/tickets/${ticket!.id}/checkin/undo`, { reason: 'a mistake' });
    },
  },
  checkOutTicket: atTheGate,
  checkOut: atTheGate,
  retryRefund: { records: 'refund.retried', do: () => takenUp('retried') },
  settleRefund: { records: 'refund.settled', do: () => takenUp('settled') },
  settleDifference: 'of no organization: who settled it stands with the difference',
  placeOrder: buyersOwn,
  cancelOrder: buyersOwn,
  reserveTickets: buyersOwn,
  purchaseTickets: buyersOwn,
  createBooking: buyersOwn,
  joinWaitingList: buyersOwn,
  leaveWaitingList: buyersOwn,
  listForResale: buyersOwn,
  withdrawFromResale: buyersOwn,
  offerTransfer: holdersOwn,
  acceptTransfer: holdersOwn,
  declineTransfer: holdersOwn,
  withdrawTransfer: holdersOwn,
  validateTicket: 'changes nothing',
  checkInTicket: atTheGate,
  checkInTicketAlias: atTheGate,
  checkIn: atTheGate,
};
let joining: Identity;

const recorded = Object.entries(deeds).filter((each): each is [string, Recorded] => typeof each[1] === 'object');
const log = async (query = '', as = owner): Promise<AuditLogEntry[]> =>
  (await call('GET', `/organizations/${tenantId}/audit-log?limit=100${query}`, undefined, as)).body.data;
const entriesOf = (tenant: string) =>
  api.db.asOwner<{ id: string; action: string; actor_id: string; network: string; request_id: string }>(
    'select id, action, actor_id, network, request_id from audit_log_entries where tenant_id = $1 order by id',
    [tenant],
  );

describe('the audit log', () => {
  it('knows of every write what it records, or why it records nothing', () => {
    const ofOthers = operations.filter(
      ({ method, access, path }) => method !== 'GET' && access !== 'anyone' && !/^\/(auth|users\/me)(\/|$)/.test(path),
    );
    expect(Object.keys(deeds).sort()).toEqual(ofOthers.map(({ id }) => id).sort());
  });

  it.each(recorded)('%s leaves one entry, by whom it was done', async (_, { records, by, at, do: act }) => {
    const before = (await entriesOf(tenantId)).length;
    const answer = await act();
    expect(answer.status).toBeLessThan(300);
    const where = at?.(answer) ?? tenantId;
    const entries = (await entriesOf(where)).slice(where === tenantId ? before : 0);
    const mine = entries.filter(({ action }) => action === records);
    expect(mine).toMatchObject([{ actor_id: by?.() ?? organizer.userId }]);
  });

  it('has an entry with the deed or neither', async () => {
    const before = (await entriesOf(tenantId)).length;
    const refused = await call('PATCH', `/events/${event.eventId}/ticket-types/${event.typeId}`, { capacity: 0 });
    expect(refused.status).toBe(409);
    expect(await entriesOf(tenantId)).toHaveLength(before);
  });

  it('tells what changed from what to what, and by which request; of long texts only that', async () => {
    const [capacity] = await log('&action=ticket-type.updated');
    expect(capacity).toMatchObject({
      actor: { kind: 'person', id: organizer.userId, name: 'Omar' },
      target: { kind: 'ticket-type', id: event.typeId },
      detail: { capacity: { from: 100, to: 90 } },
      requestId: 'audited',
    });
    const [updated] = await log('&action=event.updated');
    expect(updated?.detail).toEqual({
      title: { from: 'Jazz', to: 'Blues' },
      description: {},
      transfersAllowed: { from: true, to: false },
    });
    expect(changesBetween({ at: new Date(1), n: 1 }, { at: new Date(1), n: 2 })).toEqual({ n: { from: 1, to: 2 } });
    expect(withoutTexts({ a: { from: 1, to: 2 } }, [])).toEqual({ a: { from: 1, to: 2 } });
  });

  it('is read newest first, page by page, by action, actor and time', async () => {
    const all = await log();
    const [first, second] = [all[0]!, all[1]!];
    const path = `/organizations/${tenantId}/audit-log`;
    const page = (await call('GET', `${path}?limit=1`)).body;
    expect(page.data).toEqual([first]);
    expect((await call('GET', `${path}?limit=1&cursor=${page.nextCursor}`)).body.data).toEqual([second]);
    expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort().reverse());
    const byOwner = await log(`&actorId=${owner.userId}`);
    expect(new Set(byOwner.map(({ action }) => action))).toEqual(
      new Set([
        'api-key.created',
        'api-key.revoked',
        ...['organization.updated', 'member.invited', 'member.role-changed', 'member.removed', 'invitation.revoked'],
      ]),
    );
    expect(await log(`&to=${all.at(-1)!.at}`)).toEqual([]);
    expect(await log(`&from=${first.at}`)).toContainEqual(first);
  });

  it('is shown to owners and organizers of the organization, and to nobody else', async () => {
    expect((await log('', organizer)).length).toBeGreaterThan(10);
    const { person, id } = await invited();
    await call('POST', `/organizations/invitations/${id}/accept`, undefined, person);
    const elsewhere = await addPerson(api.db);
    await addOrganization(api.db, { owner: elsewhere });
    for (const as of [person, buyer, elsewhere])
      expect((await call('GET', `/organizations/${tenantId}/audit-log`, undefined, as)).status).toBe(403);
  });

  it('is changed by nobody: the service may neither update nor delete', async () => {
    for (const sql of [`update audit_log_entries set action = 'x'`, 'delete from audit_log_entries'])
      await expect(api.db.database.asTenant(tenantId, (tx) => tx.execute(sql))).rejects.toThrow(/permission denied/);
    const job = (sql: string) => api.db.database.asJob((tx) => tx.execute(sql));
    await expect(job(`update audit_log_entries set action = 'x'`)).rejects.toThrow(/permission denied/);
    await expect(job('delete from audit_log_entries')).rejects.toThrow(/permission denied/);
  });

  it('knows for ninety days where a deed was done from', async () => {
    const [entry] = await entriesOf(tenantId);
    expect(entry).toMatchObject({ network: '192.0.2.77', request_id: 'audited' });
    const [old] = await api.db.asOwner<{ id: string }>(
      `update audit_log_entries set at = now() - interval '91 days' where id = $1 returning id`,
      [entry!.id],
    );
    await api.app.get(ForgetNetworks, { strict: false }).run();
    const networks = await api.db.asOwner<{ id: string }>('select id from audit_log_entries where network is null');
    expect(networks.map(({ id }) => id)).toContain(old!.id);
    expect((await entriesOf(tenantId)).filter(({ network }) => network === '192.0.2.77').length).toBeGreaterThan(10);
  });
});
