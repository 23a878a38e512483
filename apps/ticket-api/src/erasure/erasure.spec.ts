import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { erasedAddress, ERASED_NAME, userErased } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuditLogReadingModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { BUYING, Buying } from './testing/buying.js';
import { OrdersModule } from '../orders/orders.module.js';
import { CancelHoldsOfErased } from '../orders/cancel-holds-of-erased/cancel-holds-of-erased.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addOrganization, addPerson } from '../testing/seed.js';
import { ErasureModule } from './erasure.module.js';
import { FinishErasures } from './finish-erasures/finish-erasures.js';

const features = [
  AuthorizationModule,
  IdentityModule,
  OrganizationsModule,
  OrdersModule,
  AuditLogReadingModule,
  ErasureModule,
];
const PASSWORD = 'correct horse battery';

let api: TicketApi;
let owner: Identity;
let tenantId: string;
let buying: Buying;

beforeAll(async () => {
  api = await openTicketApi(features, ['identity', 'organizations', 'audit-log', 'eraseAccount', ...BUYING]);
  owner = await addPerson(api.db, 'Olga');
  tenantId = await addOrganization(api.db, { owner });
  buying = await Buying.at(api, tenantId);
});
afterAll(() => api.close());

/** Somebody whose e-mail and name are nowhere else. */
async function signUp(email = `${uuid()}@somewhere.example`): Promise<Identity & { refreshToken: string }> {
  const name = `Quirin-${uuid().slice(-8)}`;
  const { body } = await api.call('POST', '/auth/signup', { body: { email, password: PASSWORD, name } });
  await api.db.asOwner('update users set email_verified_at = now() where id = $1', [body.id]);
  const tokens = await api.call('POST', '/auth/token', { body: { grantType: 'password', email, password: PASSWORD } });
  const { sid } = JSON.parse(Buffer.from(tokens.body.accessToken.split('.')[1], 'base64url').toString());
  return { userId: body.id, email, name, emailVerified: true, sessionId: sid, refreshToken: tokens.body.refreshToken };
}
const erase = (as: Identity) => api.call('DELETE', '/users/me', { as });

/** Every place of the database where one of these texts stands, as `table.column`. */
async function placesOf(...texts: string[]): Promise<string[]> {
  const columns = await api.db.asOwner<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`,
  );
  const found = await Promise.all(
    columns.map(async ({ table, column }) => {
      const sql = `select 1 from "${table}" where exists (select from unnest($1::text[]) as wanted
        where strpos(lower("${column}"::text), lower(wanted)) > 0 or strpos("${column}"::text, encode(convert_to(wanted, 'UTF8'), 'hex')) > 0) limit 1`;
      return (await api.db.asOwner(sql, [texts])).length > 0 ? [`${table}.${column}`] : [];
    }),
  );
  return found.flat().sort();
}

/** A ticket of the order, which its buyer offers to the address. */
const offered = (orderId: string, email: string) =>
  api.db.asOwner(
    `insert into transfers (id, tenant_id, ticket_id, event_id, from_user, to_email, holder_version, expires_at)
     select gen_random_uuid(), tenant_id, id, event_id, holder_id, $2, holder_version, now() + interval '1 day'
     from tickets where order_id = $1 limit 1`,
    [orderId, email],
  );

const rowsOf = async (userId: string, ...tables: string[]) => {
  const counts = tables.map((table) => `(select count(*) from ${table} where user_id = $1)`);
  const [row] = await api.db.asOwner<{ rows: string }>(`select ${counts.join(' + ')} as rows`, [userId]);
  return Number(row?.rows);
};

describe('erasing an account', () => {
  it('leaves nothing of the person in the whole database but the message that tells it to the others', async () => {
    const ada = await signUp();
    const invitation = { email: ada.email, role: 'organizer' };
    const invited = await api.call('POST', `/organizations/${tenantId}/members`, { as: owner, body: invitation });
    await api.call('POST', `/organizations/invitations/${invited.body.id}/accept`, { as: ada });
    await api.db.asOwner(`insert into second_factors (user_id, secret) values ($1, '')`, [ada.userId]);
    await api.db.asOwner(`insert into known_networks (user_id, network) values ($1, '')`, [ada.userId]);
    await api.db.asOwner(`insert into mail_preferences (tenant_id, user_id, kind) values ($1, $2, 'reminder')`, [
      tenantId,
      ada.userId,
    ]);
    const paid = await buying.order(ada, 2);
    await buying.pay(paid);
    await buying.noteMail(paid, ada.email);
    await api.call('POST', `/orders/${paid}/resend-mail`, { as: ada, headers: { 'idempotency-key': uuid() } });
    const open = await buying.order(ada, 1);
    await offered(paid, ada.email);
    expect(await placesOf(ada.email, ada.name)).toEqual([
      ...[
        'email_verifications.email',
        'idempotency_keys.body',
        'invitations.email',
        'order_steps.detail',
        'outbox.data',
      ],
      ...['transfers.to_email', 'users.email', 'users.name'],
    ]);
    // What was told before its time leaves the outbox within milliseconds, with a broker.
    await api.db.asOwner('delete from outbox');

    expect((await erase(ada)).status).toBe(204);
    expect(api.securityEvents.at(-1)).toMatchObject({ event: 'account.erased', userId: ada.userId });
    expect(await api.told(userErased.type)).toEqual([{ userId: ada.userId, email: ada.email }]);
    expect(await placesOf(ada.email, ada.name)).toEqual(['outbox.data']);
    const gone = ['second_factors', 'known_networks', 'email_verifications', 'members', 'mail_preferences'];
    expect(await rowsOf(ada.userId, ...gone)).toBe(0);
    expect((await buying.read(open, owner)).status).toBe('cancelled');
    expect(await buying.read(paid, owner)).toMatchObject({
      status: 'confirmed',
      tickets: [{ status: 'valid', holder: { id: ada.userId, name: ERASED_NAME } }, { status: 'valid' }],
    });
    expect(await buying.taken()).toBe(2);
    const log = await api.call('GET', `/organizations/${tenantId}/audit-log?actorId=${ada.userId}`, { as: owner });
    expect(log.body.data[0]).toMatchObject({ actor: { id: ada.userId, name: ERASED_NAME } });
  });

  it('ends every session, and a second call is nobody’s', async () => {
    const ada = await signUp();
    await erase(ada);
    expect((await erase(ada)).status).toBe(401);
    const again = { grantType: 'refresh_token', refreshToken: ada.refreshToken };
    expect((await api.call('POST', '/auth/token', { body: again })).status).toBe(401);
    const password = { grantType: 'password', email: ada.email, password: PASSWORD };
    expect((await api.call('POST', '/auth/token', { body: password })).status).toBe(401);
    const revoked = await api.callInternally('/internal/revoked-sessions');
    expect(revoked.body.sessionIds).toContain(ada.sessionId);
  });

  it('neither shows nor takes a name in the seconds until the access tokens end', async () => {
    const ada = await signUp();
    await erase(ada);
    expect((await api.call('GET', '/users/me', { as: ada })).status).toBe(401);
    expect((await api.call('PATCH', '/users/me', { as: ada, body: { name: ada.name } })).status).toBe(401);
    expect(await placesOf(ada.name)).not.toContain('users.name');
  });

  it('lets the same e-mail sign up anew, with nothing of the old account', async () => {
    const ada = await signUp();
    const order = await buying.order(ada, 1);
    await buying.pay(order);
    await erase(ada);
    const anew = await signUp(ada.email);
    expect(anew.userId).not.toBe(ada.userId);
    expect((await api.call('GET', '/orders', { as: anew })).body.data).toEqual([]);
    expect((await api.call('GET', `/orders/${order}`, { as: anew })).status).toBe(404);
  });

  it('is refused to the only owner of an organization, which is named, and takes nothing away', async () => {
    const ada = await signUp();
    const alone = await addOrganization(api.db, { owner: ada });
    expect(await erase(ada)).toMatchObject({
      status: 409,
      body: { code: 'last-owner', organizations: [{ id: alone, name: 'Jazz & Co.' }] },
    });
    expect((await api.call('GET', '/users/me', { as: ada })).body).toMatchObject({ email: ada.email });
    await api.db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, 'owner')`, [
      alone,
      owner.userId,
    ]);
    expect((await erase(ada)).status).toBe(204);
  });

  it('cannot be overtaken by an invitation that is accepted, or by an organization that is founded', async () => {
    const ada = await signUp();
    const body = { email: ada.email, role: 'owner' };
    const { id } = (await api.call('POST', `/organizations/${tenantId}/members`, { as: owner, body })).body;
    await Promise.all([api.call('POST', `/organizations/invitations/${id}/accept`, { as: ada }), erase(ada)]);
    const founding = { name: 'Late', slug: `late-${uuid()}` };
    expect((await api.call('POST', '/organizations', { as: ada, body: founding })).status).toBe(401);
    expect(await api.db.asOwner('select from members where user_id = $1', [ada.userId])).toEqual([]);
  });

  it('lets go what is ordered in the seconds until the access tokens end, and gives late money back', async () => {
    const ada = await signUp();
    const expired = await buying.order(ada, 1);
    await api.db.asOwner(`update orders set status = 'expired' where id = $1`, [expired]);
    await api.db.asOwner('update stock_counters set taken = taken - 1 where event_id = $1', [buying.event.eventId]);
    await erase(ada);
    const late = await buying.order(ada, 1);
    await api.app.get(CancelHoldsOfErased, { strict: false }).look();
    expect((await buying.read(late, owner)).status).toBe('cancelled');
    for (const order of [late, expired]) {
      await buying.pay(order);
      expect((await buying.read(order, owner)).status).not.toBe('confirmed');
      expect((await api.told('order.unfulfillable.v1')).filter(({ orderId }) => orderId === order)).toMatchObject([
        { reason: 'order-cancelled', buyer: { name: ERASED_NAME, email: erasedAddress(ada.userId) } },
      ]);
    }
  });

  it('takes back what messages on their way wrote down after it', async () => {
    const ada = await signUp();
    const order = await buying.order(ada, 1);
    await buying.pay(order);
    await erase(ada);
    await api.db.asOwner('delete from outbox');
    await buying.noteMail(order, ada.email);
    expect(await placesOf(ada.email)).toEqual(['order_steps.detail']);
    await api.app.get(FinishErasures, { strict: false }).look();
    expect(await placesOf(ada.email, ada.name)).toEqual([]);
  });
});

/** Columns that can hold personal data, by their name: what becomes of them, and where the export tells them. */
const known: Readonly<Record<string, readonly [whenErased: string, exportedAs: string]>> = {
  'users.email': ['replaced by nobody’s address', '`account`'],
  'external_identities.user_id': [
    'gone with the row after two days; until then it is led to by a hash alone',
    '`externalIdentities`',
  ],
  'external_identities.subject': ['gone', '`externalIdentities`'],
  'users.name': ['replaced', '`account`'],
  'users.password_hash': ['gone', 'no: a secret'],
  'email_verifications.email': ['gone with the row', '`proofs`'],
  'email_verifications.user_id': ['gone with the row', '`proofs`'],
  'password_resets.email': ['gone with the row', '`proofs`'],
  'password_resets.user_id': ['gone with the row', '`proofs`'],
  'known_networks.user_id': ['gone with the row', 'no: hashes of what `sessions` tell'],
  'known_networks.network': ['gone with the row', 'no: hashes of what `sessions` tell'],
  'second_factors.user_id': ['gone with the row', '`account.secondFactorSince`'],
  'second_factors.secret': ['gone with the row', 'no: a secret'],
  'recovery_codes.user_id': ['gone with the row', '`account.recoveryCodesLeft`'],
  'sessions.user_id': ['stays as an id until the session is forgotten', '`sessions`'],
  'sessions.user_agent': ['gone', '`sessions`'],
  'sessions.network': ['gone', '`sessions`'],
  'members.user_id': ['gone with the row', '`memberships`'],
  'invitations.email': ['gone with the row', '`invitations`'],
  'invitations.invited_by': ['stays as an id', 'as a deed'],
  'organizations.contact_user_id': [
    'stays as an id that leads to no address',
    '`memberships`: who is a member may be it',
  ],
  'mail_preferences.user_id': ['gone with the row', '`unsubscribed`'],
  'events.changed_from': ['of the event', 'no: of no person'],
  'organizations.name': ['the organization’s', '`memberships`'],
  'organizations.suspended_by': ['stays as an id', 'as a deed'],
  'orders.user_id': ['stays as an id', '`orders`'],
  'order_items.name': ['of the ticket type', '`orders.items`'],
  'order_steps.detail': ['loses recipients and names', '`steps.recipient`; who of the staff did it is of that person'],
  'tickets.holder_id': ['stays as an id', '`tickets`'],
  'waiting_list_entries.user_id': ['stays as an id; who waits is on no list any more', '`waiting`'],
  'transfers.to_email': ['gone; an open offer ends', '`transfers`; the address is that of the account'],
  'transfers.from_user': ['stays as an id; an open offer ends', '`transfers`'],
  'transfers.to_user': ['stays as an id', '`transfers`'],
  'gate_scans.by_user': ['stays as an id', '`scanned`'],
  'gate_scans.reason': ['a word of the staff about the scan, not about a person', '`scanned`'],
  'gates.name': ['of the gate', 'of no person'],
  'refunds.override_by': ['stays as an id', 'as a deed'],
  'ticket_types.name': ['of the ticket type', 'of no person'],
  'events.venue_name': ['of the venue', 'of no person'],
  'events.venue_address': ['of the venue', 'of no person'],
  'idempotency_keys.caller_id': ['gone with the row', 'no: for 48 hours a copy of what stands elsewhere'],
  'idempotency_keys.body': ['gone with the row', 'no: for 48 hours a copy of what stands elsewhere'],
  'audit_log_entries.actor_id': ['stays as an id', '`deeds`'],
  'audit_log_entries.detail': ['holds no personal data', 'of no person'],
  'api_keys.created_by': ['stays as an id', 'as a deed'],
  'api_keys.name': ['the organization’s', 'of no person'],
  'audit_log_entries.key_name': ['the organization’s', 'of no person'],
  'audit_log_entries.network': ['gone', '`deeds.network`'],
  'outbox.data': ['gone when it is told, within milliseconds', 'no: on its way for milliseconds'],
};

it('every column that can hold personal data is on the list of what becomes of it and where it is exported', async () => {
  const columns = await api.db.asOwner<{ place: string }>(
    `select table_name || '.' || column_name as place from information_schema.columns
     where table_schema = 'public' and table_name <> 'schema_migrations' and (
       column_name ~ '(e_?mail|name|address|network|user_agent|phone|birth|password|secret|holder|buyer|owner|person|member|recipient|subject|avatar)'
       or column_name ~ '(user_id|caller_id|actor_id|_by)$' or data_type in ('json', 'jsonb'))`,
  );
  const listed = new Set([...Object.keys(known), ...harmless]);
  expect(columns.map(({ place }) => place).filter((place) => !listed.has(place))).toEqual([]);
});

/** Hashes that end by themselves, and what only sounds like a person. */
const harmless = [
  'sign_in_failures.subject',
  'users.email_verified_at',
  'ticket_types.max_per_buyer',
  'tickets.holder_version',
  'transfers.holder_version',
];
