import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { EXPORTED_ROWS, exportPersonalData, type FindMails } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { BUYING } from '../erasure/testing/buying.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets } from '../testing/seed.js';
import { PersonalDataModule } from './personal-data.module.js';

const features = [
  AuthorizationModule,
  IdentityModule,
  OrganizationsModule,
  OrdersModule,
  ErasureModule,
  PersonalDataModule,
];
const nothing = { owed: [], payments: [], refunds: [], disputes: [] };

/** The two services that are asked; `isAway`: they do not answer but with 503. */
class Others {
  isAway = false;
  readonly asked: { path: string; body: string }[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      this.asked.push({ path: request.url ?? '', body });
      const isSigned = /^Bearer \S+$/.test(request.headers.authorization ?? '');
      response.writeHead(this.isAway ? 503 : isSigned ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.method === 'POST' ? { mails: [] } : nothing));
    });
  });
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop = () => new Promise((resolve) => this.server.close(resolve));
}

const others = new Others();
let api: TicketApi;
let ada: Identity;
let bob: Identity;
let tenantId: string;
let orderId: string;

beforeAll(async () => {
  const url = await others.start();
  api = await openTicketApi(features, ['identity', 'organizations', 'personal-data', ...BUYING], {
    paymentServiceInternalUrl: url,
    notificationServiceInternalUrl: url,
  });
  [ada, bob] = [await addPerson(api.db, 'Ada'), await addPerson(api.db, 'Bob')];
  tenantId = await addOrganization(api.db, { owner: bob, organizer: ada });
  const event = await addEvent(api.db, tenantId);
  const ofAda = await addTickets(api.db, event, ada);
  const ofBob = await addTickets(api.db, event, bob);
  ({ orderId } = ofAda);
  const write = (sql: string, ...parameters: unknown[]) => api.db.asOwner(sql, parameters);
  for (const { userId, email } of [ada, bob]) {
    await write(
      `insert into sessions (id, user_id, expires_at, ends_at, user_agent, network) values ($1, $2, now(), now(), $3, '192.0.2.7')`,
      ...[uuid(), userId, `Browser of ${email}`],
    );
    await write(
      `insert into audit_log_entries (id, tenant_id, action, actor_kind, actor_id, target_kind, target_id, network)
       values ($1, $2, 'event.published', 'person', $3, 'event', $4, '192.0.2.8')`,
      ...[uuid(), tenantId, userId, event.eventId],
    );
    await write(
      `insert into mail_preferences (tenant_id, user_id, kind) values ($1, $2, 'reminder')`,
      tenantId,
      userId,
    );
    await write(
      `insert into invitations (id, tenant_id, email, role, invited_by, expires_at) values ($1, $2, $3, 'scanner', $4, now())`,
      ...[uuid(), tenantId, email, bob.userId],
    );
  }
  await write(
    `insert into order_steps (tenant_id, order_id, id, step, service, at, detail) values ($1, $2, $3, 'mail-sent', 'notification-service', now(), $4)`,
    ...[tenantId, orderId, uuid(), { recipient: ada.email, by: { id: bob.userId, name: 'Bob' } }],
  );
  for (const { userId } of [ada, bob])
    await write(
      `insert into waiting_list_entries (id, tenant_id, event_id, ticket_type_id, counter_id, user_id, quantity) values ($1, $2, $3, $4, $5, $6, 2)`,
      ...[uuid(), tenantId, event.eventId, event.typeId, event.counterId, userId],
    );
  await write(
    `insert into listings (id, tenant_id, ticket_id, order_id, event_id, ticket_type_id, counter_id, price)
     select gen_random_uuid(), tenant_id, id, order_id, event_id, ticket_type_id, $1, 4500 from tickets where event_id = $2`,
    ...[event.counterId, event.eventId],
  );
  for (const [giver, email] of [
    [ada.userId, bob.email],
    [bob.userId, ada.email],
  ])
    await write(
      `insert into transfers (id, tenant_id, ticket_id, event_id, from_user, to_email, holder_version, status, reason, ended_at, expires_at)
       select gen_random_uuid(), tenant_id, id, event_id, $2, $3, 1, 'declined', 'addressee', now(), now() from tickets where order_id = $1`,
      ...[orderId, giver, email],
    );
  await write(
    `insert into refunds (id, tenant_id, order_id, amount, reason) values ($1, $2, $3, 1, 'buyer')`,
    uuid(),
    tenantId,
    orderId,
  );
  const scan = `insert into gate_scans (tenant_id, ticket_id, event_id, result, reason, gate, by_user) values ($1, $2, $3, $4, $5, 'North', $6)`;
  await write(scan, tenantId, ofAda.ticketIds[0], event.eventId, 'admitted', null, bob.userId);
  await write(scan, tenantId, null, event.eventId, 'refused', 'wrong-event', ada.userId);
  await write(scan, tenantId, ofBob.ticketIds[0], event.eventId, 'refused', 'wrong-event', bob.userId);
});
beforeEach(async () => {
  others.isAway = false;
  others.asked.length = 0;
  await api.db.asOwner('update users set exported_at = null');
});
afterAll(async () => {
  await api?.close();
  await others.stop();
});

const exported = (as: Identity) => api.call('GET', '/users/me/export', { as });

describe('an export', () => {
  it('tells what is held of the person at every tenant, in the words of the contract, and of nobody else', async () => {
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [ada.userId]);
    const { status, body, headers } = await exported(ada);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(exportPersonalData.responses[200].parse(body)).toEqual(body);
    expect(body).toMatchObject({
      leftOut: [],
      account: { id: ada.userId, email: ada.email, name: ada.name },
      externalIdentities: [],
      sessions: [{ network: '192.0.2.7', userAgent: `Browser of ${ada.email}` }],
      memberships: [{ organizationId: tenantId, role: 'organizer' }],
      invitations: [{ organizationId: tenantId, role: 'scanner' }],
      unsubscribed: [{ organizationId: tenantId, kind: 'reminder' }],
      orders: [{ id: orderId, items: expect.anything() }],
      steps: [{ orderId, step: 'mail-sent', recipient: ada.email }],
      transfers: expect.arrayContaining(
        [{ direction: 'incoming' }, { direction: 'outgoing' }].map((each) => expect.objectContaining(each)),
      ),
      scans: [{ result: 'admitted', gate: 'North' }],
      scanned: [{ organizationId: tenantId, result: 'refused', reason: 'wrong-event' }],
      refunds: [{ orderId, amount: { amount: 1 } }],
      waiting: [{ quantity: 2, status: 'waiting' }],
      listings: [{ status: 'listed', price: { amount: 4500 } }],
      deeds: [{ organizationId: tenantId, action: 'event.published', network: '192.0.2.8' }],
      payments: nothing,
      mails: [],
    });
    expect(body.tickets.every((ticket: { orderId: string }) => ticket.orderId === orderId)).toBe(true);
    expect(body.tickets.length).toBeGreaterThan(0);
    for (const alien of [bob.email, bob.userId, '"Bob"']) expect(JSON.stringify(body)).not.toContain(alien);
    expect(JSON.stringify(body)).not.toMatch(/argon2|hash|secret"/i);
  });

  it('asks the others for mails to an address only of somebody who has proven it', async () => {
    await api.db.asOwner('update users set email_verified_at = null where id = $1', [ada.userId]);
    const { body } = await exported(ada);
    expect(body.invitations).toEqual([]);
    expect(body.transfers).toMatchObject([{ direction: 'outgoing' }]);
    const mails = () => JSON.parse(others.asked.find(({ path }) => path === '/internal/mails/find')!.body) as FindMails;
    expect(mails()).toEqual({ userId: ada.userId, email: null });
    await api.db.asOwner('update users set email_verified_at = now(), exported_at = null where id = $1', [ada.userId]);
    others.asked.length = 0;
    await exported(ada);
    expect(mails()).toEqual({ userId: ada.userId, email: ada.email });
    expect(others.asked.map(({ path }) => path)).toContain(`/internal/users/${ada.userId}/payments`);
  });

  it('is given once a minute', async () => {
    const answers = await Promise.all([exported(ada), exported(ada), exported(ada)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await exported(bob)).status).toBe(200);
    await api.db.asOwner(`update users set exported_at = now() - interval '1 minute' where id = $1`, [ada.userId]);
    expect((await exported(ada)).status).toBe(200);
  });

  it('is never half: while another service is away it is 503, and may be asked for again at once', async () => {
    others.isAway = true;
    const away = await exported(ada);
    expect(away).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(away.body)).not.toContain(ada.email);
    others.isAway = false;
    expect((await exported(ada)).status).toBe(200);
  });

  it('says which list has more than it tells', async () => {
    const many = await addPerson(api.db, 'Mia');
    await api.db.asOwner(
      `insert into audit_log_entries (id, tenant_id, action, actor_kind, actor_id, target_kind, target_id)
       select gen_random_uuid(), $1, 'event.updated', 'person', $2, 'event', $2 from generate_series(1, ${EXPORTED_ROWS + 1})`,
      [tenantId, many.userId],
    );
    const { body } = await exported(many);
    expect([body.leftOut, body.deeds.length]).toEqual([['deeds'], EXPORTED_ROWS]);
  });

  it('is refused to an account that was erased', async () => {
    const gone = await addPerson(api.db, 'Gus');
    expect((await api.call('DELETE', '/users/me', { as: gone })).status).toBe(204);
    expect((await exported(gone)).status).toBe(401);
  });
});
