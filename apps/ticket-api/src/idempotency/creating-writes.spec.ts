import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { memberInvited } from '@app/contracts';
import { fingerprintOf, ForgetKeys, requestKey } from '@app/idempotency';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { openTicketApi, type Answer, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson } from '../testing/seed.js';
import { untilWaiting } from '../testing/until-waiting.js';

const CATALOGUE = ['createEvent', 'updateEvent', 'publishEvent', 'createTicketType', 'updateTicketType'];
const READS = ['listEvents', 'getEvent', 'getAvailability', 'countAvailable'];

let api: TicketApi;
let owner: Identity;
let tenantId: string;
beforeAll(async () => {
  const features = [AuthorizationModule, OrganizationsModule, CatalogueModule];
  api = await openTicketApi(features, ['organizations', ...CATALOGUE, ...READS]);
  owner = await addPerson(api.db);
  tenantId = await addOrganization(api.db, { owner });
});
afterAll(() => api?.close());

let keys = 0;
const newKey = () => `key-${++keys}`;
const post = (path: string, body: object | undefined, key: string, as = owner) =>
  api.call('POST', path, { as, body, headers: { 'idempotency-key': key } });
const count = async (from: string, of: unknown) => (await api.db.asOwner(`select from ${from} = $1`, [of])).length;

const draft = (organizationId = tenantId) => ({
  organizationId,
  title: 'Jazz',
  venue: { name: 'Hall' },
  startsAt: '2035-06-01T18:00:00Z',
  endsAt: '2035-06-01T21:00:00Z',
  timezone: 'Europe/Warsaw',
});
const standing = { name: 'Standing', price: { amount: 4500, currency: 'EUR' }, capacity: 100 };

/** The same request twice with one key. @returns the one answer */
async function twice(path: string, body: object | undefined, as = owner) {
  const key = newKey();
  const [first, second] = [await post(path, body, key, as), await post(path, body, key, as)];
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect([second.status, second.body]).toEqual([first.status, first.body]);
  return first;
}

describe('sent twice with one key', () => {
  it('an event is drafted once', async () => {
    const before = await count('events where tenant_id', tenantId);
    expect((await twice('/events', draft())).status).toBe(201);
    expect(await count('events where tenant_id', tenantId)).toBe(before + 1);
  });

  it('a ticket type is issued once', async () => {
    const { eventId } = await addEvent(api.db, tenantId);
    expect((await twice(`/events/${eventId}/ticket-types`, standing)).status).toBe(201);
    expect(await count('ticket_types where event_id', eventId)).toBe(2);
  });

  it('a member is invited once, with one mail', async () => {
    const { status, body } = await twice(`/organizations/${tenantId}/members`, { email: 'new@x.org', role: 'scanner' });
    expect(status).toBe(201);
    expect(await count('invitations where email', body.email)).toBe(1);
    expect((await api.told(memberInvited.type)).filter(({ email }) => email === body.email)).toHaveLength(1);
  });

  it('an organization is founded once, though each request would found another tenant', async () => {
    const { status, body } = await twice('/organizations', { name: 'Twice', slug: 'twice' });
    expect([status, body.role]).toEqual([201, 'owner']);
    expect(await count('organizations where name', 'Twice')).toBe(1);
  });

  it('an invitation is accepted once', async () => {
    const guest = await addPerson(api.db);
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [guest.userId]);
    const invitation = await post(
      `/organizations/${tenantId}/members`,
      { email: guest.email, role: 'scanner' },
      newKey(),
    );
    expect((await twice(`/organizations/invitations/${invitation.body.id}/accept`, undefined, guest)).status).toBe(200);
  });
});

describe('a key', () => {
  it('hard case 33: belongs to one request of its caller, at whatever organization it was used', async () => {
    const key = newKey();
    expect((await post('/organizations', { name: 'First', slug: 'first' }, key)).status).toBe(201);
    const { eventId } = await addEvent(api.db, tenantId);
    for (const [path, body] of [
      ['/organizations', { name: 'Second', slug: 'second' }],
      ['/events', draft()],
      [`/events/${eventId}/ticket-types`, standing],
      [`/organizations/${tenantId}/members`, { email: 'other@x.org', role: 'scanner' }],
    ] as const) {
      const { status, body: problem } = await post(path, body, key);
      expect([path, status, problem.code]).toEqual([path, 422, 'idempotency-key-reused']);
    }
    const stranger = await addPerson(api.db);
    expect((await post('/organizations', { name: 'Own', slug: 'own' }, key, stranger)).status).toBe(201);
  });

  it('is bound to method, path and body, whatever the order of its members', () => {
    const of = (method: string, path: string, body: unknown) => fingerprintOf(method, path, body).toString('hex');
    const first = of('POST', '/a', { a: 1, b: [{ c: 2, d: 3 }] });
    expect(of('POST', '/a', { b: [{ d: 3, c: 2 }], a: 1 })).toBe(first);
    const others = [
      of('PUT', '/a', { a: 1, b: [{ c: 2, d: 3 }] }),
      of('POST', '/b', { a: 1, b: [{ c: 2, d: 3 }] }),
      of('POST', '/a', { a: 1, b: [{ c: 2, d: '3' }] }),
    ];
    expect(others).not.toContain(first);
  });

  it.each([
    ['is not empty', ['']],
    ['has 255 characters at most', ['k'.repeat(256)]],
    ['is one', ['a', 'b']],
  ])('%s', (_, given) => {
    const request = { method: 'POST', url: '/a', raw: { headersDistinct: { 'idempotency-key': given } } };
    expect(() => requestKey(request as never, {})).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  });

  it('is remembered for two days', async () => {
    const [kept, old] = [newKey(), newKey()];
    for (const key of [kept, old]) await post('/organizations', { name: key, slug: key }, key);
    const age = `update idempotency_keys set created_at = now() - $2::interval where key = $1`;
    await api.db.asOwner(age, [kept, '47 hours']);
    await api.db.asOwner(age, [old, '49 hours']);
    await api.app.get(ForgetKeys, { strict: false }).run();
    expect([await count('idempotency_keys where key', kept), await count('idempotency_keys where key', old)]).toEqual([
      1, 0,
    ]);
  });

  it('is free again after a refusal', async () => {
    const key = newKey();
    const wish = { name: 'Taken', slug: 'first' };
    expect((await post('/organizations', wish, key)).body.code).toBe('slug-taken');
    await api.db.asOwner(`update organizations set slug = 'was-first' where slug = 'first'`);
    expect((await post('/organizations', wish, key)).status).toBe(201);
  });

  it('hard case 33: whose first request still runs is answered with 409, and with the first answer once that has ended', async () => {
    const key = newKey();
    const again = () => post(`/organizations/${tenantId}/members`, { email: 'slow@x.org', role: 'scanner' }, key);
    let running: Promise<Answer> | undefined;
    await api.db.database.asTenant(tenantId, async (other) => {
      await other.query('select from organizations where tenant_id = $1 for no key update', [tenantId]);
      running = again();
      await untilWaiting(api.db, 1);
      const { status, body } = await again();
      expect([status, body.code]).toEqual([409, 'idempotency-in-flight']);
    });
    const first = await running!;
    expect(first.status).toBe(201);
    const replayed = await again();
    expect([replayed.headers.get('idempotent-replayed'), replayed.body]).toEqual(['true', first.body]);
  });
});
