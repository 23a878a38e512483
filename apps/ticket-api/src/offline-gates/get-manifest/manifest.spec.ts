import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, Identity } from '@app/auth';
import type { CheckinManifest } from '@app/contracts';
import { v7 as uuidv7 } from 'uuid';
import { openGates } from '../../testing/open-gates.js';
import type { TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../../testing/seed.js';

let api: TicketApi;
let holder: Identity;
let scanner: Identity;
let tenantId: string;
beforeAll(async () => {
  api = await openGates();
  [holder, scanner] = [await addPerson(api.db, 'Grace Hopper'), await addPerson(api.db)];
  tenantId = await addOrganization(api.db, { scanner, owner: holder });
});
afterAll(() => api?.close());

async function eventWith(tickets: number): Promise<{ event: SeededEvent; ids: string[] }> {
  const event = await addEvent(api.db, tenantId, { capacity: 1_000 });
  const { ticketIds } = await addTickets(api.db, event, holder, tickets);
  return { event, ids: [...ticketIds].sort() };
}
const ask = (eventId: string, query: Record<string, string> = {}, as: Identity | ApiKey = scanner) =>
  api.call('GET', `/events/${eventId}/checkin-manifest?${new URLSearchParams(query)}`, { as });
const page = async (eventId: string, query: Record<string, string> = {}): Promise<CheckinManifest> => {
  const { status, body } = await ask(eventId, query);
  expect(status).toBe(200);
  return body;
};
const idsOf = ({ tickets }: CheckinManifest) => tickets.map(({ id }) => id);
const change = (ids: string[], set: string) => api.db.asOwner(`update tickets set ${set} where id = any ($1)`, [ids]);

/**
 * A token after which nothing has changed. Transactions of other databases of the server may run for a while yet: as long
 * as they do, what changed after their beginning comes again.
 */
async function quiet(eventId: string, from?: string): Promise<string> {
  let since = from ?? (await page(eventId)).since;
  for (const end = Date.now() + 20_000; ; await new Promise((wake) => setTimeout(wake, 100))) {
    const delta = await page(eventId, { since });
    if (delta.tickets.length === 0) return delta.since;
    if (Date.now() > end) throw new Error('The same tickets come again and again.');
    since = delta.since;
  }
}

describe('the manifest of a gate', () => {
  it('tells keys, rules and the tickets that may be used or were, and nothing of a person', async () => {
    const { event, ids } = await eventWith(4);
    const [used = '', given = '', disputed = '', valid = ''] = ids;
    await change(
      [used],
      `status = 'checked_in', checked_in_at = '2030-06-01T18:00:00Z', gate = 'North', left_at = now()`,
    );
    await change([given], `status = 'void'`);
    await change([disputed], `status = 'frozen'`);
    const { status, body } = await ask(event.eventId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ eventId: event.eventId, fromStart: true, nextCursor: null, gates: [] });
    expect(body).toMatchObject({ stepSeconds: 30, toleranceSteps: 1, reentryAllowed: false });
    expect(body.ticketTypes).toEqual([{ id: event.typeId, name: 'Standing' }]);
    expect(body.keys).toEqual([{ id: expect.any(Number), algorithm: 'Ed25519', publicKey: expect.any(String) }]);
    const known = { holderVersion: 1, ticketTypeId: event.typeId };
    expect(body.tickets).toEqual([
      ...[
        {
          id: used,
          ...known,
          status: 'checked_in',
          checkedInAt: '2030-06-01T18:00:00.000Z',
          gate: 'North',
          outside: true,
        },
      ],
      ...[{ id: valid, ...known, status: 'valid' }],
    ]);
    expect(Math.abs(Date.parse(body.at) - Date.now())).toBeLessThan(60_000);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`Grace|${holder.userId}|@example`));
  });

  it('comes in pages, which tell each ticket once, and the same token for what comes next', async () => {
    const { event, ids } = await eventWith(7);
    const pages: CheckinManifest[] = [];
    for (let cursor: string | undefined; pages.length === 0 || cursor; cursor = pages.at(-1)!.nextCursor ?? undefined)
      pages.push(await page(event.eventId, { limit: '3', ...(cursor && { cursor }) }));
    expect(pages.map(({ tickets }) => tickets.length)).toEqual([3, 3, 1]);
    expect(pages.flatMap(idsOf)).toEqual(ids);
    expect(pages.map(({ fromStart }) => fromStart)).toEqual([true, false, false]);
    expect(new Set(pages.map(({ since }) => since)).size).toBe(1);
  });

  it('tells after that what has changed, of whatever status', async () => {
    const { event, ids } = await eventWith(4);
    const since = await quiet(event.eventId);
    const [given = '', handedOn = '', disputed = ''] = ids;
    await change([given], `status = 'void', holder_version = 2`);
    await change([handedOn], `holder_version = 2`);
    await change([disputed], `status = 'frozen'`);
    const { ticketIds: bought } = await addTickets(api.db, event, holder);
    const delta = await page(event.eventId, { since });
    expect(delta.fromStart).toBe(false);
    expect(delta.tickets.map(({ id, status, holderVersion }) => [id, status, holderVersion])).toEqual(
      [
        [given, 'void', 2],
        [handedOn, 'valid', 2],
        [disputed, 'frozen', 1],
        [bought[0], 'valid', 1],
      ].sort(),
    );
    await quiet(event.eventId, delta.since);
  });

  it('misses nothing that was being changed while it was read', async () => {
    const { event, ids } = await eventWith(2);
    const [slow = ''] = ids;
    let first: CheckinManifest | undefined;
    let during: CheckinManifest | undefined;
    await api.db.database.asTenant(tenantId, async (other) => {
      await other.execute(`update tickets set status = 'void' where id = $1`, [slow]);
      // A later one that has ended.
      await api.db.asOwner('select pg_current_xact_id()');
      first = await page(event.eventId);
      during = await page(event.eventId, { since: first!.since });
    });
    expect(idsOf(first!)).toEqual(ids);
    for (const { since } of [first!, during!])
      expect((await page(event.eventId, { since })).tickets).toContainEqual(
        expect.objectContaining({ id: slow, status: 'void' }),
      );
  });

  it('cut in the middle of its pages goes on from the last time, and later pages miss nothing either', async () => {
    const { event, ids } = await eventWith(4);
    const whole = { since: await quiet(event.eventId) };
    await change(ids, `holder_version = 2`);
    const half = await page(event.eventId, { since: whole.since, limit: '2' });
    await change([ids[0]!, ids[3]!], `holder_version = 3`);
    const rest = await page(event.eventId, { since: whole.since, cursor: half.nextCursor!, limit: '2' });
    expect([...idsOf(half), ...idsOf(rest)]).toEqual(ids);
    // The first of them was read before it changed once more.
    const next = await page(event.eventId, { since: rest.since });
    expect(idsOf(next)).toContain(ids[0]);
    expect(idsOf(await page(event.eventId, { since: whole.since }))).toEqual(ids);
  });

  it('begins anew for a token of another history of the database, such as before a restore', async () => {
    const { event, ids } = await eventWith(1);
    const { since } = await page(event.eventId);
    const [of, history, next] = JSON.parse(Buffer.from(since, 'base64url').toString());
    expect(history).toMatch(/^[0-9A-F]{8}-\d+$/);
    const other = Buffer.from(JSON.stringify([of, `00000000-1`, next])).toString('base64url');
    expect(await page(event.eventId, { since: other })).toMatchObject({ fromStart: true, tickets: [{ id: ids[0] }] });
  });

  it('takes no token that is none, or is of another event', async () => {
    const [{ event }, { event: another }] = [await eventWith(1), await eventWith(1)];
    const foreign = await page(another.eventId);
    const beyond = Buffer.from(JSON.stringify([event.eventId, 'x', '99999999999999999999'])).toString('base64url');
    for (const [query, path] of [
      [{ since: 'x' }, 'since'],
      [{ since: foreign.since }, 'since'],
      [{ since: beyond }, 'since'],
      [{ cursor: foreign.since }, 'cursor'],
      [{ limit: '2001' }, 'limit'],
    ] as const) {
      const { status, body } = await ask(event.eventId, query);
      expect([status, body.errors?.[0].path]).toEqual([422, path]);
    }
  });

  it('has no key that was revoked', async () => {
    const { event } = await eventWith(1);
    const { keys } = await page(event.eventId);
    const renewed = await api.call('POST', `/events/${event.eventId}/ticket-keys`, {
      as: holder,
      body: { revokeEarlier: true },
    });
    expect(renewed.status).toBe(201);
    const later = await page(event.eventId);
    expect(later.keys).toHaveLength(1);
    expect(later.keys).not.toEqual(keys);
  });

  it('is for the staff of its organization', async () => {
    const { event } = await eventWith(1);
    const stranger = await addPerson(api.db);
    expect((await ask(event.eventId, {}, stranger)).status).toBe(403);
    expect((await ask(uuidv7())).status).toBe(404);
    const key = { keyId: uuidv7(), tenantId, name: 'Shop', scopes: ['tickets:read'] as const };
    expect((await ask(event.eventId, {}, key)).status).toBe(403);
    expect((await ask(event.eventId, {}, { ...key, scopes: ['checkin'] })).status).toBe(200);
    expect((await ask(event.eventId, {}, { ...key, scopes: ['checkin'], tenantId: uuidv7() })).status).toBe(403);
  });
});
