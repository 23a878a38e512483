import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReconciliationPage, UnclaimedDifference } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { ADMIN, PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';

let platform: PaymentPlatform;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
}, START_LIMIT);
afterAll(() => platform.remove());
beforeEach(() => {
  platform.ticketApi.isAway = false;
});

const ask = (userId: string, query = '') => platform.get<ReconciliationPage>(`/mgmt/reconciliation${query}`, userId);

function organizer(role = 'organizer', tenants = [uuid()]): { userId: string; tenants: string[] } {
  const userId = uuid();
  platform.ticketApi.memberships.set(
    userId,
    tenants.map((id) => ({ id, role })),
  );
  return { userId, tenants };
}

async function difference(tenantId: string | null, { repairedDaysAgo }: { repairedDaysAgo?: number } = {}) {
  const id = uuid();
  await platform.database.asOwner(
    `insert into reconciliation_differences (id, tenant_id, kind, about, subject, provider_amount, provider_currency, repair, repaired_at)
     values ($1::uuid, $2, 'refund-unknown', 'refund', $1::uuid::text, 1000, 'EUR', case when $3::int is not null then 'found-equal' end, now() - make_interval(days => $3))`,
    [id, tenantId, repairedDaysAgo ?? null],
  );
  return id;
}

describe('an organizer', () => {
  it('sees the open differences of the own organization, and what was repaired in the last 30 days', async () => {
    const { userId, tenants } = organizer();
    const [tenant] = tenants as [string];
    const open = await difference(tenant);
    const repaired = await difference(tenant, { repairedDaysAgo: 29 });
    await difference(tenant, { repairedDaysAgo: 31 });
    await difference(uuid());
    await difference(null);
    const { status, body } = await ask(userId);
    expect(status).toBe(200);
    expect(body.data.map(({ id }) => id)).toEqual([repaired, open]);
    expect(body.data[1]).toEqual({
      id: open,
      organizationId: tenant,
      kind: 'refund-unknown',
      status: 'open',
      subject: open,
      orderId: null,
      paymentId: null,
      refundId: null,
      atProvider: { amount: 1000, currency: 'EUR' },
      booked: null,
      firstSeenAt: expect.stringMatching(/Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      repairedAt: null,
      repair: null,
    });
    expect((await ask(userId, '?status=open')).body.data.map(({ id }) => id)).toEqual([open]);
    expect((await ask(userId, '?status=repaired')).body.data.map(({ id }) => id)).toEqual([repaired]);
  });

  it('of several organizations pages through all of them, newest first', async () => {
    const { userId, tenants } = organizer('owner', [uuid(), uuid()]);
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await difference(tenants[count % 2]!));
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await ask(userId, `?limit=2${cursor}`);
      expect(body.data.length).toBeLessThanOrEqual(2);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor);
    expect(seen).toEqual(ids);
    const one = await ask(userId, `?organizationId=${tenants[0]}`);
    expect(one.body.data.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[4]]);
  });

  it('is told when each kind of run was last done, and which days it compared', async () => {
    await platform.database.asOwner(
      `insert into reconciliation_runs (kind, window_from, window_to, step, finished_at)
       values ('ledger', '2027-01-01Z', '2027-01-03Z', 'open', '2027-01-03T01:00:00Z'),
              ('ledger', '2027-01-02Z', '2027-01-04Z', 'open', '2027-01-04T01:00:00Z')`,
    );
    const { body } = await ask(organizer().userId);
    expect(body.runs.find(({ kind }) => kind === 'ledger')).toEqual({
      kind: 'ledger',
      from: '2027-01-02T00:00:00.000Z',
      to: '2027-01-04T00:00:00.000Z',
      finishedAt: '2027-01-04T01:00:00.000Z',
    });
  });
});

describe('nobody else', () => {
  it.each([
    ['a person without an organization', () => uuid()],
    ['a scanner', () => organizer('scanner').userId],
  ])('%s is forbidden', async (_, person) => {
    expect(await ask(person())).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it("an organizer is forbidden another's organization", async () => {
    expect(await ask(organizer().userId, `?organizationId=${uuid()}`)).toMatchObject({ status: 403 });
  });
});

it('is 503 while ticket-api cannot say who organizes what', async () => {
  const { userId } = organizer();
  platform.ticketApi.isAway = true;
  expect(await ask(userId)).toMatchObject({ status: 503 });
});

it('refuses a cursor that it did not give, and what it does not know', async () => {
  const { userId } = organizer();
  for (const query of ['?cursor=x', '?status=closed', '?organizationId=1', '?tenant=1'])
    expect(await ask(userId, query)).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
});

describe("a difference that belongs to no organization, in the administrators' hands,", () => {
  const admin = uuid();
  const all = async (query = '') => {
    const path = `/admin/reconciliation${query}`;
    return platform.get<{ data: UnclaimedDifference[]; nextCursor: string | null }>(path, admin, ADMIN);
  };
  const settle = (id: string, note: unknown = 'of the shop that shares the account', by = admin) =>
    platform.post(`/admin/reconciliation/${id}/settle`, by, { note }, {}, ADMIN);
  const stored = async (id: string) => {
    const sql = 'select repair, settled_by, note from reconciliation_differences where id = $1';
    const [row] = await platform.database.asOwner<object>(sql, [id]);
    return row;
  };

  it('is listed newest first, without those of organizations and what was closed long ago', async () => {
    await platform.database.asOwner('delete from reconciliation_differences');
    const open = await difference(null);
    const repaired = await difference(null, { repairedDaysAgo: 29 });
    await difference(null, { repairedDaysAgo: 31 });
    await difference(uuid());
    const { status, body } = await all();
    expect(status).toBe(200);
    expect(body.data.map(({ id }) => id)).toEqual([repaired, open]);
    expect(body.data[1]).toEqual({
      id: open,
      kind: 'refund-unknown',
      status: 'open',
      subject: open,
      atProvider: { amount: 1000, currency: 'EUR' },
      booked: null,
      firstSeenAt: expect.stringMatching(/Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      repairedAt: null,
      repair: null,
      settlement: null,
    });
    expect((await all('?status=open')).body.data.map(({ id }) => id)).toEqual([open]);
    const first = await all('?limit=1');
    const next = await all(`?limit=1&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...next.body.data].map(({ id }) => id)).toEqual([repaired, open]);
    expect(next.body.nextCursor).toBeNull();
    for (const query of ['?cursor=x', `?organizationId=${uuid()}`]) expect((await all(query)).status).toBe(422);
  });

  it('is settled once, by whom and why; saying the same again changes nothing', async () => {
    const id = await difference(null);
    const first = await settle(id);
    const settlement = { by: admin, note: 'of the shop that shares the account' };
    expect(first).toMatchObject({
      status: 200,
      body: { id, status: 'repaired', repair: 'by-a-person', repairedAt: expect.stringMatching(/Z$/), settlement },
    });
    expect(await settle(id)).toMatchObject({ status: 200, body: first.body });
    for (const again of [settle(id, 'something else'), settle(id, settlement.note, uuid())])
      expect(await again).toMatchObject({ status: 409, body: { code: 'difference-not-open' } });
    const kept = { repair: 'by-a-person', settled_by: admin, note: settlement.note };
    expect(await stored(id)).toEqual(kept);
  });

  it('that is repaired is not settled', async () => {
    const id = await difference(null, { repairedDaysAgo: 1 });
    expect(await settle(id)).toMatchObject({ status: 409, body: { code: 'difference-not-open' } });
    expect(await stored(id)).toEqual({ repair: 'found-equal', settled_by: null, note: null });
  });

  it('is not one of an organization, which an administrator neither sees nor settles', async () => {
    const id = await difference(uuid());
    for (const wanted of [id, uuid()])
      expect(await settle(wanted)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await stored(id)).toEqual({ repair: null, settled_by: null, note: null });
  });

  it('wants a reason', async () => {
    const id = await difference(null);
    for (const note of ['', null, 'two\nlines'])
      expect(await settle(id, note)).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
    expect(await stored(id)).toEqual({ repair: null, settled_by: null, note: null });
  });
});
