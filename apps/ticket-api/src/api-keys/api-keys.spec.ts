import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeyHash, type ApiKey, type Identity } from '@app/auth';
import { FoundApiKey } from '@app/contracts';
import { v7 as uuidv7 } from 'uuid';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addOrganization, addPerson } from '../testing/seed.js';
import { ApiKeysModule } from './api-keys.module.js';
import { LIVE_KEYS } from './create-api-key/create-api-key.js';
import { NoteUse } from './note-use/note-use.js';

let api: TicketApi;
let owner: Identity;
let organizer: Identity;
let tenant: string;
beforeAll(async () => {
  api = await openTicketApi([ApiKeysModule], ['api keys']);
  [owner, organizer] = [await addPerson(api.db, 'Ada'), await addPerson(api.db, 'Bob')];
  tenant = await addOrganization(api.db, { owner, organizer });
});
afterAll(() => api?.close());

const keysOf = (organization = tenant) => `/organizations/${organization}/api-keys`;
const make = (given: object = {}, headers = {}, as: Identity | ApiKey = owner, organization = tenant) =>
  api.call('POST', keysOf(organization), { as, headers, body: { name: 'Shop', scopes: ['orders:read'], ...given } });
const eventsOf = (id: string) => api.securityEvents.filter(({ keyId }) => keyId === id);
const find = async (key: string) => {
  const hash = apiKeyHash(key).toString('base64url');
  const { body } = await api.postInternally('/internal/api-keys/find', { hash }, { bound: false });
  return FoundApiKey.parse(body).key;
};

describe('making a key', () => {
  it('shows it once; what is kept is its hash', async () => {
    const { status, body, headers } = await make({ rateLimit: 90 });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...{ id: expect.any(String), name: 'Shop', scopes: ['orders:read'], key: expect.stringMatching(/^tk_\w{38}$/) },
      ...{ prefix: 'tk_', last4: body.key.slice(-4), rateLimit: 90, createdAt: expect.stringMatching(/Z$/) },
      ...{ createdBy: { id: owner.userId, name: 'Ada' }, lastUsedAt: null, expiresAt: null, revokedAt: null },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const listed = await api.call('GET', keysOf(), { as: owner });
    const { key, ...shown } = body;
    expect(listed.body.data[0]).toEqual(shown);
    expect(await find(key)).toMatchObject({ id: body.id, tenantId: tenant, scopes: ['orders:read'], rateLimit: 90 });
    const [row] = await api.db.asOwner<{ text: string }>(
      'select to_json(k)::text as text from api_keys k where id = $1',
      [body.id],
    );
    expect(row?.text).not.toContain(key.slice(3, -4));
  });

  it('again with the same Idempotency-Key gives the same key, and the record does not hold it', async () => {
    const headers = { 'idempotency-key': uuidv7() };
    const [first, again] = [await make({}, headers), await make({}, headers)];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const made = { event: 'api-key.created', tenantId: tenant, userId: owner.userId, keyId: first.body.id };
    expect(eventsOf(first.body.id)).toEqual([expect.objectContaining(made)]);
    const [record] = await api.db.asOwner<{ body: string }>('select body::text from idempotency_keys where key = $1', [
      headers['idempotency-key'],
    ]);
    expect(record?.body).toContain(first.body.id);
    expect(record?.body).not.toContain(first.body.key);
    expect(record?.body).not.toContain(Buffer.from(first.body.key).toString('base64url'));
    expect(await make({ name: 'Other' }, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  it('is for owners alone, at their own organization; a key makes none', async () => {
    expect(await make({}, {}, organizer)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const stranger = await addPerson(api.db);
    expect(await make({}, {}, stranger)).toMatchObject({ status: 403 });
    const { body } = await make();
    const scopes = ['events:read', 'events:write', 'orders:read', 'orders:write', 'tickets:read', 'checkin'] as const;
    const key = { keyId: body.id, tenantId: tenant, name: 'Shop', scopes };
    expect(await make({}, {}, key)).toMatchObject({ status: 403 });
    expect(await api.call('GET', keysOf(), { as: key })).toMatchObject({ status: 403 });
    expect(await api.call('DELETE', `${keysOf()}/${body.id}`, { as: key })).toMatchObject({ status: 403 });
  });

  it.each([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['everything'] }, 'scopes.0'],
    [{ scopes: ['checkin', 'checkin'] }, 'scopes'],
    [{ name: ' ' }, 'name'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ rateLimit: 0 }, 'rateLimit'],
    [{ tenantId: 'x' }, 'tenantId'],
  ])('refuses %j', async (given, path) => {
    const { status, body } = await make(given);
    expect([status, body.errors?.[0].path]).toEqual([422, path]);
  });

  it('an organization has 50 keys that count at most, also when many are made at once', async () => {
    const other = await addOrganization(api.db, { owner });
    await api.db.asOwner(
      `insert into api_keys (tenant_id, id, name, scopes, key_hash, last4, created_by)
       select $1::uuid, gen_random_uuid(), 'Shop', '{checkin}', sha256(convert_to($1::uuid::text || n, 'UTF8')), '0000', $2 from generate_series(1, $3) n`,
      [other, owner.userId, LIVE_KEYS - 1],
    );
    const answers = await Promise.all([1, 2, 3].map(() => make({}, {}, owner, other)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('too-many-api-keys');
    const { id } = answers.find(({ status }) => status === 201)!.body;
    await api.call('DELETE', `${keysOf(other)}/${id}`, { as: owner });
    expect((await make({}, {}, owner, other)).status).toBe(201);
  });
});

describe('a key', () => {
  it('that was revoked, has expired or is unknown is found no more; revoking again changes nothing', async () => {
    const { body } = await make();
    const revoke = () => api.call('DELETE', `${keysOf()}/${body.id}`, { as: owner });
    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 204]);
    expect(await find(body.key)).toBeNull();
    const revoked = { event: 'api-key.revoked', tenantId: tenant, userId: owner.userId };
    expect(eventsOf(body.id).slice(1)).toEqual([expect.objectContaining(revoked)]);
    const entries = await api.db.asOwner(
      'select action, actor_id from audit_log_entries where target_id = $1 order by id',
      [body.id],
    );
    const by = { actor_id: owner.userId };
    expect(entries).toEqual([
      { action: 'api-key.created', ...by },
      { action: 'api-key.revoked', ...by },
    ]);
    const brief = (await make({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() })).body;
    expect(await find(brief.key)).toMatchObject({ id: brief.id, expiresAt: brief.expiresAt });
    await api.db.asOwner(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [brief.id]);
    expect(await find(brief.key)).toBeNull();
    expect(await find('tk_unknown')).toBeNull();
  });

  it("is nobody's at another organization: not listed, not revoked", async () => {
    const { body } = await make();
    const stranger = await addPerson(api.db);
    const other = await addOrganization(api.db, { owner: stranger });
    expect(await api.call('DELETE', `${keysOf(other)}/${body.id}`, { as: stranger })).toMatchObject({ status: 404 });
    expect((await api.call('GET', keysOf(other), { as: stranger })).body.data).toEqual([]);
    expect(await find(body.key)).not.toBeNull();
  });

  it('bears the time of its last use, to the minute', async () => {
    const { body } = await make();
    await find(body.key);
    const uses = api.app.get(NoteUse, { strict: false });
    await uses.write();
    const lastUse = async () => {
      const { data } = (await api.call('GET', `${keysOf()}?limit=1`, { as: owner })).body;
      return data[0].lastUsedAt as string;
    };
    const first = await lastUse();
    expect(Date.now() - Date.parse(first)).toBeLessThan(60_000);
    await find(body.key);
    await uses.write();
    expect(await lastUse()).toBe(first);
  });

  it('is told to the gateway alone', async () => {
    const hash = apiKeyHash('tk_x').toString('base64url');
    const by = (by: 'payment-service') => api.postInternally('/internal/api-keys/find', { hash }, { by, bound: false });
    expect(await by('payment-service')).toMatchObject({ status: 403 });
  });
});
