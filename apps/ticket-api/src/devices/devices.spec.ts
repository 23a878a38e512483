import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeyHash, type ApiKey, type Identity } from '@app/auth';
import { FoundApiKey, type RegisteredDevice } from '@app/contracts';
import { openGates } from '../testing/open-gates.js';
import type { TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { LIVE_DEVICES } from './register-device/register-device.js';

let api: TicketApi;
let owner: Identity;
let organizer: Identity;
let scanner: Identity;
let tenantId: string;
let event: SeededEvent;
let other: SeededEvent;
beforeAll(async () => {
  api = await openGates();
  [owner, organizer, scanner] = [await addPerson(api.db, 'Ada'), await addPerson(api.db), await addPerson(api.db)];
  tenantId = await addOrganization(api.db, { owner, organizer, scanner });
  [event, other] = [await addEvent(api.db, tenantId), await addEvent(api.db, tenantId)];
});
afterAll(() => api?.close());

const devices = () => `/organizations/${tenantId}/devices`;
const register = (given: object = {}, as: Identity | ApiKey = organizer, headers = {}) =>
  api.call('POST', devices(), { as, headers, body: { name: 'Handheld 7', ...given } });
const listed = async () => (await api.call('GET', `${devices()}?limit=100`, { as: organizer })).body.data;
const revoke = (id: string, as: Identity | ApiKey = organizer) => api.call('DELETE', `${devices()}/${id}`, { as });
const find = async (key: string) => {
  const hash = apiKeyHash(key).toString('base64url');
  const { body } = await api.postInternally('/internal/api-keys/find', { hash }, { bound: false });
  return FoundApiKey.parse(body).key;
};
/** Registers one, and who calls with its key. */
async function device(given: object = {}): Promise<{ id: string; as: ApiKey }> {
  const { body } = await register(given);
  const { id, scopes, name, device: facts } = (await find((body as RegisteredDevice).key))!;
  return { id, as: { keyId: id, tenantId, name, scopes, ...(facts && { device: facts }) } };
}
async function ticket(of = event): Promise<{ ticketId: string; code: string }> {
  const { ticketIds } = await addTickets(api.db, of, owner);
  const [ticketId = ''] = ticketIds;
  await api.db.asOwner(`update tickets set created_at = now() - interval '1 day' where id = $1`, [ticketId]);
  const { body } = await api.call('GET', `/tickets/${ticketId}/qr?format=json&kind=static`, { as: owner });
  return { ticketId, code: body.code };
}
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const upload = (scans: object[], as: Identity | ApiKey, given: object = {}, { eventId } = event) =>
  api.call('POST', `/events/${eventId}/checkins`, { as, body: { scans, ...given } });

describe('registering a device', () => {
  it('gives it a key of its own, shown once, that admits and nothing else', async () => {
    const { status, body, headers } = await register({ eventId: event.eventId, gate: 'North' });
    const { key, ...view } = body;
    expect([status, key]).toEqual([201, expect.stringMatching(/^tk_\w{38}$/)]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(view).toEqual({
      ...{ id: expect.any(String), name: 'Handheld 7', eventId: event.eventId, gate: 'North', last4: key.slice(-4) },
      ...{ createdAt: expect.stringMatching(/Z$/), createdBy: { id: organizer.userId, name: 'Ada' } },
      ...{ lastSeenAt: null, lastSyncAt: null, clockDifferenceMs: null, revokedAt: null },
    });
    expect((await listed())[0]).toEqual(view);
    expect(await find(key)).toMatchObject({ id: view.id, scopes: ['checkin'], device: { eventId: event.eventId } });
  });

  it('again with the same Idempotency-Key gives the same key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await register({}, organizer, headers), await register({}, organizer, headers)];
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  });

  it('is for owners and organizers, at events of their organization', async () => {
    expect((await register({}, owner)).status).toBe(201);
    expect((await register({}, scanner)).status).toBe(403);
    expect((await register({}, await addPerson(api.db))).status).toBe(403);
    expect((await register({}, (await device()).as)).status).toBe(403);
    const elsewhere = await addEvent(api.db, await addOrganization(api.db, { owner }));
    for (const eventId of [randomUUID(), elsewhere.eventId])
      expect(await register({ eventId })).toMatchObject({ status: 422, body: { errors: [{ path: 'eventId' }] } });
    expect(await register({ name: '' })).toMatchObject({ status: 422 });
  });

  it('is no key among the keys of software, and is not ended there', async () => {
    const { id } = await device();
    const keys = `/organizations/${tenantId}/api-keys`;
    expect((await api.call('GET', keys, { as: owner })).body.data).toEqual([]);
    expect((await api.call('DELETE', `${keys}/${id}`, { as: owner })).status).toBe(404);
    const { body } = await api.call('POST', keys, { as: owner, body: { name: 'Shop', scopes: ['checkin'] } });
    expect((await revoke(body.id)).status).toBe(404);
    expect((await find(body.key))?.device).toBeNull();
  });

  it(`ends at ${LIVE_DEVICES} that count`, async () => {
    const large = await addOrganization(api.db, { organizer });
    const registerThere = () =>
      api.call('POST', `/organizations/${large}/devices`, { as: organizer, body: { name: 'Handheld' } });
    await api.db.asOwner(
      `with keys as (
         insert into api_keys (tenant_id, id, name, scopes, key_hash, last4, created_by)
         select $1::uuid, gen_random_uuid(), 'D', '{checkin}', sha256(convert_to($1::uuid::text || n, 'UTF8')), '0000', $2
         from generate_series(1, $3 - 1) n returning tenant_id, id)
       insert into devices (tenant_id, id) select tenant_id, id from keys`,
      [large, owner.userId, LIVE_DEVICES],
    );
    const answers = await Promise.all([registerThere(), registerThere()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('too-many-devices');
    const { id } = answers.find(({ status }) => status === 201)!.body;
    await api.call('DELETE', `/organizations/${large}/devices/${id}`, { as: organizer });
    expect((await registerThere()).status).toBe(201);
  });
});

describe('a device', () => {
  it('of one event scans no other one, online or later', async () => {
    const { id, as } = await device({ eventId: event.eventId });
    const [mine, others] = [await ticket(), await ticket(other)];
    const foreign = await api.call('POST', '/tickets/checkin', { as, body: { code: others.code } });
    expect([foreign.status, foreign.body.code]).toEqual([409, 'invalid-code']);
    const path = (ticketId: string, what: string) => `/tickets/${ticketId}/${what}`;
    for (const what of ['checkin', 'validate', 'checkout'])
      expect((await api.call('POST', path(others.ticketId, what), { as, body: { code: others.code } })).status).toBe(
        404,
      );
    for (const what of ['checkin-manifest', 'ticket-keys', 'admissions'])
      expect((await api.call('GET', `/events/${other.eventId}/${what}`, { as })).status).toBe(403);
    const scan = { scanId: randomUUID(), code: others.code, scannedAt: ago(60), deviceId: id };
    expect((await upload([scan], as, {}, other)).status).toBe(403);
    expect((await api.call('GET', `/events/${event.eventId}/checkin-manifest`, { as })).status).toBe(200);
    const admitted = await api.call('POST', path(mine.ticketId, 'checkin'), { as, body: { code: mine.code } });
    expect(admitted.status).toBe(200);
    const log = await api.call('GET', `/tickets/${mine.ticketId}/scans`, { as: organizer });
    expect(log.body.data[0]).toMatchObject({ deviceId: id, by: { kind: 'key', id } });
  });

  it('of the whole organization scans all of its events, and none of others', async () => {
    const { as } = await device();
    for (const each of [event, other]) {
      const { code } = await ticket(each);
      expect((await api.call('POST', '/tickets/checkin', { as, body: { code } })).status).toBe(200);
    }
    const elsewhere = await ticket(await addEvent(api.db, await addOrganization(api.db, { owner })));
    expect((await api.call('POST', '/tickets/checkin', { as, body: { code: elsewhere.code } })).status).toBe(409);
  });

  it('tells its own scans and nobody else’s, at its gate, and is named in the report', async () => {
    const { id, as } = await device({ gate: 'North' });
    const { ticketId, code } = await ticket();
    const scan = (given: object) => ({ scanId: randomUUID(), code, scannedAt: ago(60), deviceId: id, ...given });
    const { status, body } = await upload([scan({}), scan({ deviceId: 'another' })], as);
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ path: 'scans.1.deviceId' })]]);
    expect((await upload([scan({})], as)).body.results).toMatchObject([
      { result: 'admitted', gate: 'North', deviceId: id },
    ]);
    await upload([scan({ deviceId: 'Handheld of Bob', scannedAt: ago(50) })], scanner);
    const report = await api.call('GET', `/events/${event.eventId}/checkin-conflicts?limit=100`, { as: organizer });
    expect(report.body.data.find((one: { ticketId: string }) => one.ticketId === ticketId)).toMatchObject({
      counts: { device: { id, name: 'Handheld 7', registered: true }, gate: 'North' },
      others: [{ device: { id: 'Handheld of Bob', name: null, registered: false } }],
    });
  });

  it('shows when it synchronized last, and what its clock is off', async () => {
    const { id, as } = await device();
    const seen = async () => (await listed()).find((one: { id: string }) => one.id === id);
    await api.call('GET', `/events/${event.eventId}/checkin-manifest`, { as });
    expect(await seen()).toMatchObject({ lastSyncAt: expect.any(String), clockDifferenceMs: null });
    const { code } = await ticket();
    const scan = { scanId: randomUUID(), code, scannedAt: ago(7_200), deviceId: id };
    await upload([scan], as, { sentAt: ago(3_600) });
    const { clockDifferenceMs } = await seen();
    expect(Math.abs(clockDifferenceMs + 3_600_000)).toBeLessThan(60_000);
    await api.call('GET', `/events/${event.eventId}/checkin-manifest`, { as });
    expect(await seen()).toMatchObject({ clockDifferenceMs });
  });

  it('that was revoked is found no more; what it scanned before counts when staff tell it, what it scanned later does not', async () => {
    const { id, as } = await device();
    const { body } = await register();
    await revoke(body.id);
    expect(await find(body.key)).toBeNull();
    const [before, after] = [await ticket(), await ticket()];
    await api.db.asOwner(`update api_keys set revoked_at = now() - interval '10 minutes' where id = $1`, [id]);
    expect([(await revoke(id)).status, (await revoke(id, scanner)).status, (await revoke(id, as)).status]).toEqual([
      204, 403, 403,
    ]);
    expect((await listed()).find((one: { id: string }) => one.id === id).revokedAt).toEqual(expect.any(String));
    const scans = [
      { scanId: randomUUID(), code: before.code, scannedAt: ago(900), deviceId: id },
      { scanId: randomUUID(), code: after.code, scannedAt: ago(300), deviceId: id.toUpperCase() },
    ];
    expect((await upload(scans, scanner)).body.results).toMatchObject([
      { result: 'admitted', ticketId: before.ticketId },
      { result: 'refused', reason: 'device-revoked', ticketId: after.ticketId },
    ]);
    const { body: seen } = await api.call('GET', `/tickets/${after.ticketId}`, { as: owner });
    expect(seen.status).toBe('valid');
  });
});
