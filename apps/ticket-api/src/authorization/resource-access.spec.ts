import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, Identity } from '@app/auth';
import type { Resource, Role } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../migrations/index.js';
import type { Location } from './access-policy.js';
import { ResourceAccess } from './resource-access.js';

const tenant = uuidv7();
const ids = { organization: tenant, published: uuidv7(), draft: uuidv7(), order: uuidv7(), ticket: uuidv7() };
const people = {
  owner: uuidv7(),
  organizer: uuidv7(),
  scanner: uuidv7(),
  buyer: uuidv7(),
  holder: uuidv7(),
  stranger: uuidv7(),
};
type Person = keyof typeof people;

let db: TestDatabase;
let access: ResourceAccess;

beforeAll(async () => {
  db = await createTestDatabase(migrations, 'authorization');
  access = new ResourceAccess(db.database);
  await db.asOwner(
    `insert into users (id, email, password_hash, name) select id::uuid, id || '@example.org', '-', 'Ada' from unnest($1::text[]) as id`,
    [Object.values(people)],
  );
  await db.asOwner(`insert into organizations (tenant_id, name, slug) values ($1, 'Club', 'club')`, [tenant]);
  for (const role of ['owner', 'organizer', 'scanner'] as const)
    await db.asOwner('insert into members (tenant_id, user_id, role) values ($1, $2, $3)', [
      tenant,
      people[role],
      role,
    ]);
  const [type, counter] = [uuidv7(), uuidv7()];
  for (const status of ['published', 'draft'] as const)
    await db.asOwner(
      `insert into events (tenant_id, id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
       values ($1, $2, 'Jazz', $3, 'Club', now(), now() + interval '1 hour', 'UTC', now())`,
      [tenant, ids[status], status],
    );
  await db.asOwner('insert into stock_counters (tenant_id, id, event_id, capacity) values ($1, $2, $3, 10)', [
    tenant,
    counter,
    ids.published,
  ]);
  await db.asOwner(
    `insert into ticket_types (tenant_id, id, event_id, counter_id, name, price, currency, max_per_order)
     values ($1, $2, $3, $4, 'Seat', 100, 'EUR', 10)`,
    [tenant, type, ids.published, counter],
  );
  await db.asOwner(
    `insert into orders (tenant_id, id, event_id, user_id, status, total, currency, expires_at)
     values ($1, $2, $3, $4, 'pending', 100, 'EUR', now())`,
    [tenant, ids.order, ids.published, people.buyer],
  );
  await db.asOwner(
    `insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
     values ($1, $2, $3, $4, 'Seat', 1, 100)`,
    [tenant, ids.order, type, counter],
  );
  await db.asOwner(
    `insert into tickets (tenant_id, id, order_id, event_id, ticket_type_id, holder_id, unit_price)
     values ($1, $2, $3, $4, $5, $6, 100)`,
    [tenant, ids.ticket, ids.order, ids.published, type, people.holder],
  );
});
afterAll(() => db.drop());

const personOf = (userId: string): Identity => ({
  userId,
  email: '',
  name: '',
  emailVerified: true,
  sessionId: 's',
});
/** The location, or the code of the refusal. */
const ask = (resource: Resource, id: string, person: Person, anyOf: (Role | 'self')[]): Promise<Location | string> =>
  access.require(resource, id, personOf(people[person]), anyOf).catch((error: ProblemError) => error.code);
const everyone = Object.keys(people) as Person[];
const decisions = async (resource: Resource, id: string, anyOf: (Role | 'self')[]) => {
  const entries = everyone.map(async (person) => {
    const answer = await ask(resource, id, person, anyOf);
    return [person, typeof answer === 'string' ? answer : 'allowed'] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};
const rest = (decision: string, named: Partial<Record<Person, string>>) =>
  Object.fromEntries(everyone.map((person) => [person, named[person] ?? decision]));

describe('access to a resource', () => {
  it('tells the tenant and what the caller is there', async () => {
    const location = { tenantId: tenant, role: null, isSelf: false };
    expect(await ask('event', ids.draft, 'organizer', ['organizer'])).toEqual({ ...location, role: 'organizer' });
    expect(await ask('order', ids.order, 'buyer', ['self'])).toEqual({ ...location, isSelf: true });
    expect(await ask('ticket', ids.ticket, 'holder', ['self', 'owner'])).toEqual({ ...location, isSelf: true });
  });

  it("an organization and a published event are everybody's to see, so whom no rule names is forbidden", async () => {
    const staff = { owner: 'allowed', organizer: 'allowed' };
    expect(await decisions('organization', tenant, ['owner', 'organizer'])).toEqual(rest('forbidden', staff));
    expect(await decisions('event', ids.published, ['owner', 'organizer'])).toEqual(rest('forbidden', staff));
  });

  it('a draft exists for members only', async () => {
    const expected = rest('not-found', { owner: 'allowed', organizer: 'allowed', scanner: 'forbidden' });
    expect(await decisions('event', ids.draft, ['owner', 'organizer'])).toEqual(expected);
  });

  it('an order exists for its buyer and for those whom the rule names', async () => {
    expect(await decisions('order', ids.order, ['self'])).toEqual(rest('not-found', { buyer: 'allowed' }));
    const named = { owner: 'allowed', organizer: 'allowed', buyer: 'forbidden' };
    expect(await decisions('order', ids.order, ['owner', 'organizer'])).toEqual(rest('not-found', named));
  });

  it('a ticket is its holder’s, no longer its buyer’s', async () => {
    expect(await decisions('ticket', ids.ticket, ['self'])).toEqual(rest('not-found', { holder: 'allowed' }));
    const scanning = { owner: 'allowed', organizer: 'allowed', scanner: 'allowed', holder: 'forbidden' };
    expect(await decisions('ticket', ids.ticket, ['owner', 'organizer', 'scanner'])).toEqual(
      rest('not-found', scanning),
    );
  });

  it('an id of another kind of resource is not found', async () => {
    for (const resource of ['organization', 'order', 'ticket'] as const)
      expect(await ask(resource, ids.published, 'owner', ['owner', 'self'])).toBe('not-found');
  });

  it('a role counts until it is taken away, and at once', async () => {
    await db.asOwner('delete from members where user_id = $1', [people.organizer]);
    expect(await ask('event', ids.published, 'organizer', ['organizer'])).toBe('forbidden');
    expect(await ask('event', ids.draft, 'organizer', ['organizer'])).toBe('not-found');
    await db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, 'organizer')`, [
      tenant,
      people.organizer,
    ]);
    expect(await ask('event', ids.draft, 'organizer', ['organizer'])).toMatchObject({ role: 'organizer' });
  });

  it('a key is an organizer of its organization and nobody at any other; what is open to `self` alone it cannot do', async () => {
    const key = (tenantId: string): ApiKey => ({ keyId: uuidv7(), tenantId, name: 'Shop', scopes: ['orders:read'] });
    const decide = (by: ApiKey, anyOf: (Role | 'self')[]) =>
      access.require('order', ids.order, by, anyOf).then(
        ({ role, isSelf }) => ({ role, isSelf }),
        (error: ProblemError) => error.code,
      );
    expect(await decide(key(tenant), ['self', 'organizer'])).toEqual({ role: 'organizer', isSelf: false });
    expect(await decide(key(uuidv7()), ['self', 'organizer'])).toBe('not-found');
    expect(await decide(key(tenant), ['self'])).toBe('not-found');
    expect(await decide(key(tenant), ['owner'])).toBe('not-found');
  });

  it('a key of a suspended organization does nothing; one of another is as it was', async () => {
    await db.asOwner(
      `update organizations set suspended_at = now(), suspended_by = $2, suspension_reason = 'x' where tenant_id = $1`,
      [tenant, people.stranger],
    );
    const key = (tenantId: string): ApiKey => ({ keyId: uuidv7(), tenantId, name: 'Shop', scopes: ['orders:read'] });
    const ask = (by: ApiKey) =>
      access
        .require('order', ids.order, by, ['organizer'], { evenSuspended: true })
        .catch((error: ProblemError) => error.code);
    expect(await ask(key(tenant))).toBe('organization-suspended');
    expect(await ask(key(uuidv7()))).toBe('not-found');
    expect((await access.locate('order', ids.order, people.buyer))?.isSuspended).toBe(true);
    await db.asOwner(
      'update organizations set suspended_at = null, suspended_by = null, suspension_reason = null where tenant_id = $1',
      [tenant],
    );
  });

  it('can be located for nobody in particular', async () => {
    const located = { tenantId: tenant, role: null, isSelf: false };
    expect(await access.locate('event', ids.published, null)).toEqual({
      ...located,
      isPublic: true,
      isSuspended: false,
    });
    expect(await access.locate('order', ids.order, null)).toEqual({ ...located, isPublic: false, isSuspended: false });
    expect(await access.locate('event', uuidv7(), null)).toBeNull();
  });
});
