import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, expectNoWayAround, expectTenancy, type TestDatabase } from '@app/testing';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from './index.js';

const withoutTenant = {
  schema_migrations: 'tells which migrations ran; only the owner reads it',
  users: 'accounts belong to persons, who buy from and work for any organization',
  email_verifications: 'prove the e-mail of an account',
  external_identities: 'a person signs in at another issuer, not an organization',
  sessions: 'a person signs in, not an organization',
  refresh_tokens: 'continue a session',
  password_resets: 'let a person in who has the e-mail of an account',
  known_networks: 'tell from where a person has signed in',
  second_factors: 'a person signs in, not an organization',
  recovery_codes: 'stand in for a second factor',
  sign_in_failures: 'count guesses at accounts, before anybody is known',
};

const sharedKeys = {
  organizations_slug_key: 'part of public addresses: who asks for a taken one is told so',
  tickets_number_key: 'a person reads it at the gate; numbers follow from nothing that is secret',
  api_keys_key_hash_key: 'the hash of 256 random bits',
};

/** A little of everything for one organization, whose event is published. */
function rowsOf(tenant_id: string) {
  const [user_id = '', event_id, counter_id, ticket_type_id, order_id, ticket_id, key_id] = Array.from(
    { length: 7 },
    () => uuidv7(),
  );
  const [now, later] = [new Date(), new Date(Date.now() + 3_600_000)];
  const email = `${user_id}@example.org`;
  return {
    users: { id: user_id, email, password_hash: '-', name: 'Ada' },
    organizations: { tenant_id, name: 'Jazz Club', slug: tenant_id },
    members: { tenant_id, user_id, role: 'owner' },
    invitations: { id: uuidv7(), tenant_id, email, role: 'scanner', invited_by: user_id, expires_at: later },
    api_keys: {
      ...{ id: key_id, tenant_id, name: 'Shop', scopes: ['checkin'], last4: 'abcd', created_by: user_id },
      key_hash: createHash('sha256').update(tenant_id).digest(),
    },
    events: {
      ...{ id: event_id, tenant_id, title: 'Jazz', status: 'published', venue_name: 'Club', timezone: 'UTC' },
      ...{ starts_at: now, ends_at: later, refundable_until: now },
    },
    stock_counters: { id: counter_id, tenant_id, event_id, capacity: 10 },
    ticket_types: {
      ...{ id: ticket_type_id, tenant_id, event_id, counter_id, name: 'Seat' },
      ...{ price: 4500, currency: 'EUR', max_per_order: 10 },
    },
    orders: {
      id: order_id,
      tenant_id,
      event_id,
      user_id,
      status: 'pending',
      total: 4500,
      currency: 'EUR',
      expires_at: later,
    },
    order_items: { tenant_id, order_id, ticket_type_id, counter_id, name: 'Seat', quantity: 1, unit_price: 4500 },
    tickets: { id: ticket_id, tenant_id, order_id, event_id, ticket_type_id, holder_id: user_id, unit_price: 4500 },
    waiting_list_entries: { id: uuidv7(), tenant_id, event_id, ticket_type_id, counter_id, user_id, quantity: 1 },
    listings: { id: uuidv7(), tenant_id, ticket_id, order_id, event_id, ticket_type_id, counter_id, price: 4500 },
    transfers: {
      ...{ id: uuidv7(), tenant_id, ticket_id, event_id, from_user: user_id, to_email: `friend-of-${email}` },
      ...{ holder_version: 1, expires_at: later },
    },
    refunds: { id: uuidv7(), tenant_id, order_id, amount: 4500, reason: 'buyer' },
    disputes: { id: uuidv7(), tenant_id, order_id, payment_id: uuidv7(), status: 'open' },
    order_steps: {
      tenant_id,
      order_id,
      id: uuidv7(),
      step: 'mail-sent',
      service: 'notification-service',
      at: now,
      detail: '{}',
    },
    gate_scans: { tenant_id, id: uuidv7(), scan_id: '1', ticket_id, event_id },
    gates: { tenant_id, id: uuidv7(), event_id, name: 'North', key: 'north' },
    devices: { tenant_id, id: key_id, event_id, gate: 'North' },
    audit_log_entries: {
      ...{ id: uuidv7(), tenant_id, action: 'event.created', actor_kind: 'person', actor_id: user_id },
      ...{ target_kind: 'event', target_id: event_id, network: '192.0.2.1' },
    },
    idempotency_keys: {
      tenant_id,
      caller_id: user_id,
      key: '1',
      fingerprint: Buffer.from('f'),
      status: 201,
      body: '{}',
    },
    mail_preferences: { tenant_id, user_id, kind: 'reminder' },
    outbox: { id: uuidv7(), tenant_id, type: 'order.reserved.v1', correlation_id: 'c', data: '{}' },
    inbox: { consumer: 'ticket-api', message_id: uuidv7(), tenant_id },
  };
}

describe("ticket-api's database", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(migrations, 'tenancy');
  });
  afterAll(() => db.drop());

  const published = ['events', 'stock_counters', 'ticket_types'];

  it('keeps every row to its tenant, but for published events with their types and counters', async () => {
    await expectTenancy(db.source, { withoutTenant, published, sharedKeys, rows: rowsOf });
  });

  it('has no way around the tenants for who sends statements of his or her own', async () => {
    await expectNoWayAround(db, { published, rows: rowsOf });
  });

  it("refers to no other tenant's rows", async () => {
    const careless = await db.asOwner(
      `select conrelid::regclass, pg_get_constraintdef(oid) from pg_constraint
       where contype = 'f' and exists (select from pg_attribute where attrelid = confrelid and attname = 'tenant_id')
         and not exists (select from pg_attribute where attrelid = conrelid and attname = 'tenant_id' and attnum = any (conkey))`,
    );
    expect(careless).toEqual([]);
  });
});

describe('the doors of persons, of the public and of jobs', () => {
  let db: TestDatabase;
  const ours = '0190a6e0-0000-7000-8000-00000000000a';
  const theirs = '0190a6e0-0000-7000-8000-00000000000b';
  const own = rowsOf(ours);
  const ada = own.users.id;
  beforeAll(async () => {
    db = await createTestDatabase(migrations, 'doors');
    for (const rows of [own, rowsOf(theirs)])
      for (const [table, row] of Object.entries(rows)) {
        const columns = Object.keys(row);
        const places = columns.map((_, index) => `$${index + 1}`);
        await db.asOwner(`insert into ${table} (${columns.join()}) values (${places.join()})`, Object.values(row));
      }
    await db.asOwner(`update events set status = 'draft' where tenant_id = $1`, [theirs]);
  });
  afterAll(() => db.drop());

  const tenantsIn = (table: string) => async () =>
    (await db.database.current().query<{ tenant_id: string }>(`select distinct tenant_id from ${table}`)).map(
      ({ tenant_id }) => tenant_id,
    );

  const ofPersons = ['orders', 'order_items', 'tickets', 'transfers', 'idempotency_keys', 'members', 'organizations'];
  it.each([...ofPersons, 'mail_preferences'])('a person sees of %s what is the own', async (table) => {
    expect(await db.database.asPerson(ada, tenantsIn(table))).toEqual([ours]);
    expect(await db.database.asPerson(uuidv7(), tenantsIn(table))).toEqual([]);
  });

  it('a person sees offers to the own e-mail once it is proven', async () => {
    const eve = uuidv7();
    await db.asOwner(`insert into users (id, email, password_hash, name) values ($1, $2, '-', 'Eve')`, [
      eve,
      own.transfers.to_email,
    ]);
    expect(await db.database.asPerson(eve, tenantsIn('transfers'))).toEqual([]);
    await db.asOwner('update users set email_verified_at = now() where id = $1', [eve]);
    expect(await db.database.asPerson(eve, tenantsIn('transfers'))).toEqual([ours]);
  });

  it('a group sees the answers that its people were given, and nobody elses', async () => {
    const seen = (userIds: string[]) => db.database.asTenant(uuidv7(), tenantsIn('idempotency_keys'), { userIds });
    expect(await seen([ada])).toEqual([ours]);
    expect(await seen([uuidv7()])).toEqual([]);
  });

  it('of a suspended event a person sees what he or she bought of, and the public nothing', async () => {
    const other = uuidv7();
    await db.asOwner(
      `insert into events select (jsonb_populate_record(e, jsonb_build_object('id', $2::uuid))).* from events e where tenant_id = $1`,
      [ours, other],
    );
    await db.asOwner('update events set suspended = true where tenant_id = $1', [ours]);
    try {
      for (const table of ['events', 'stock_counters', 'ticket_types']) {
        expect(await db.database.asPublic(tenantsIn(table))).toEqual([]);
        expect(await db.database.asPerson(uuidv7(), tenantsIn(table))).toEqual([]);
      }
      const seen = await db.database.asPerson(ada, () => db.database.current().query('select id from events'));
      expect(seen).toEqual([{ id: own.events.id }]);
    } finally {
      await db.asOwner('update events set suspended = false');
      await db.asOwner('delete from events where id = $1', [other]);
    }
  });

  it.each(['events', 'stock_counters', 'ticket_types'])('the public sees of %s what is published', async (table) => {
    expect(await db.database.asPublic(tenantsIn(table))).toEqual([ours]);
  });

  it.each([
    ['users', 'password_hash'],
    ['users', 'name'],
    ['idempotency_keys', 'body'],
    ['order_steps', 'step'],
    ['transfers', 'reason'],
    ['refunds', 'amount'],
    ['audit_log_entries', 'detail'],
  ])('no job reads %s.%s', async (table, column) => {
    const read = db.database.asJob((transaction) => transaction.query(`select ${column} from ${table}`));
    await expect(read).rejects.toThrow(/permission denied/);
  });
});
