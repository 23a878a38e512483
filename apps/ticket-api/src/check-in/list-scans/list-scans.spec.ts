import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '@app/auth';
import { addOrganization, addPerson } from '../../testing/seed.js';
import { ForgetRefusals } from '../forget-refusals/forget-refusals.js';
import { Door, told } from '../testing/door.js';

let door: Door;
let scans: string;
beforeAll(async () => {
  door = await Door.open();
  scans = `/events/${door.event.eventId}/scans`;
});
afterAll(() => door.close());

const list = async (query = '') => (await door.call('GET', scans + query, undefined, door.organizer)).body;
const count = async () => (await door.api.db.asOwner('select from gate_scans')).length;

describe('the scan log', () => {
  it('has every scan that was judged, admitted or not, and never the code', async () => {
    const ticket = await door.ticket();
    const scanId = randomUUID();
    await door.checkIn(ticket, { gate: 'North', scanId });
    await door.checkIn(ticket, { gate: 'North', scanId });
    await door.checkIn(ticket, { gate: 'South' });
    await door.checkIn(ticket, { eventId: randomUUID() });
    await door.checkIn({ ...ticket, code: 'NO CODE' }, { gate: 'West' });
    const logged = await list();
    const common = { eventId: door.event.eventId, deviceId: null, undoneAt: null };
    const by = { kind: 'person', id: door.scanner.userId, name: 'Sam' };
    const { ticketId } = ticket;
    expect(logged.data).toMatchObject([
      { ...common, by, ticketId: null, result: 'refused', reason: 'invalid-code', gate: 'West' },
      { ...common, by, ticketId, result: 'refused', reason: 'wrong-event', gate: null },
      { ...common, by, ticketId, result: 'refused', reason: 'already-checked-in', gate: 'South' },
      { ...common, by, ticketId, result: 'admitted', reason: null, gate: 'North', scanId },
    ]);
    const [rows] = await door.api.db.asOwner<{ all: string }>('select json_agg(s)::text as all from gate_scans s');
    for (const shown of [ticket.code, 'NO CODE']) expect(rows!.all).not.toContain(shown);
  });

  it('is read page by page and by gate, ticket and result', async () => {
    const [one, other] = [await door.ticket(), await door.ticket()];
    for (const ticket of [one, other, one]) await door.checkIn(ticket, { gate: 'Paged' });
    const whole = await list('?gate=Paged&limit=100');
    expect(whole.data.map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual([
      ...[one.ticketId, other.ticketId, one.ticketId],
    ]);
    const first = await list('?gate=Paged&limit=2');
    await door.checkIn(other, { gate: 'Paged' });
    const second = await list(`?gate=Paged&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual(whole.data);
    expect(second.nextCursor).toBeNull();
    const refused = await list(`?result=refused&ticketId=${one.ticketId}`);
    expect(refused.data).toHaveLength(1);
    expect((await door.scansOf(one)).map(({ result }) => result)).toEqual(['admitted', 'refused']);
  });

  it('is for organizers of the event, not for its door staff and not for others', async () => {
    const stranger = await addPerson(door.api.db);
    await addOrganization(door.api.db, { owner: stranger });
    for (const as of [door.scanner, stranger, door.holder])
      expect(told(await door.call('GET', scans, undefined, as))).toEqual([403, 'forbidden']);
  });

  it('keeps of a code that nobody here knows the event at which it was shown, and of a stranger nothing', async () => {
    const before = await count();
    const nonsense = { code: 'NO CODE', gate: 'North' };
    const { eventId } = door.event;
    expect(told(await door.call('POST', '/tickets/checkin', nonsense))).toEqual([409, 'invalid-code']);
    const stranger = await addPerson(door.api.db);
    const ofStranger = await door.call('POST', '/tickets/checkin', { ...nonsense, eventId }, stranger);
    expect(told(ofStranger)).toEqual([409, 'invalid-code']);
    expect(await count()).toBe(before);
    await door.call('POST', '/tickets/checkin', { ...nonsense, eventId });
    expect((await list('?limit=1')).data).toMatchObject([{ ticketId: null, reason: 'invalid-code', gate: 'North' }]);
  });

  it('names the key that scanned', async () => {
    const keyId = randomUUID();
    await door.api.db.asOwner(
      `insert into api_keys (tenant_id, id, name, scopes, key_hash, last4, created_by) values ($1, $2, 'Turnstile', '{checkin}', sha256('x'), 'abcd', $3)`,
      [door.event.tenantId, keyId, door.organizer.userId],
    );
    const as: ApiKey = { keyId, tenantId: door.event.tenantId, name: 'Turnstile', scopes: ['checkin'] };
    const { ticketId, code } = await door.ticket();
    await door.api.call('POST', '/tickets/checkin', { as, body: { code } });
    const [scan] = await door.scansOf({ ticketId, code });
    expect(scan.by).toEqual({ kind: 'key', id: keyId, name: 'Turnstile' });
  });

  it('forgets refusals: of no ticket after a week, of a ticket after ninety days; what had an effect stays', async () => {
    const { db } = door.api;
    await db.asOwner('delete from gate_scans');
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    await door.checkIn(ticket);
    await door.checkIn({ ...ticket, code: 'x' });
    const left = async (days: number) => {
      await db.asOwner('update gate_scans set recorded_at = now() - make_interval(days => $1)', [days]);
      await door.api.app.get(ForgetRefusals, { strict: false }).run();
      const rows = await db.asOwner<{ reason: string | null }>('select reason from gate_scans order by id');
      return rows.map(({ reason }) => reason);
    };
    expect(await left(6)).toEqual([null, 'already-checked-in', 'invalid-code']);
    expect(await left(8)).toEqual([null, 'already-checked-in']);
    expect(await left(91)).toEqual([null]);
  });

  it('is not changed by the service, but that an admission was undone', async () => {
    await door.checkIn({ ...(await door.ticket()), code: 'x' });
    for (const sql of [
      `update gate_scans set result = 'left' where result = 'admitted'`,
      `update gate_scans set result = 'admitted' where result = 'refused'`,
      `update gate_scans set ticket_id = null`,
      'delete from gate_scans',
      `update gate_scans set by_user = null`,
    ])
      await expect(door.api.db.database.asTenant(door.event.tenantId, (tx) => tx.execute(sql))).rejects.toThrow(
        /permission denied/,
      );
    const job = `delete from gate_scans where result = 'admitted' returning reason`;
    await expect(door.api.db.database.asJob((tx) => tx.query(job))).rejects.toThrow(/permission denied/);
  });

  it('takes one admission of a ticket at a time, by the database itself', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    await expect(
      door.api.db.asOwner('insert into gate_scans (tenant_id, ticket_id) values ($1, $2)', [
        door.event.tenantId,
        ticket.ticketId,
      ]),
    ).rejects.toThrow(/gate_scans_in_force/);
  });
});

describe('a replica of the release before', () => {
  const ofBefore = (sql: string, parameters: unknown[]) =>
    door.api.db.database.asTenant(door.event.tenantId, (tx) => tx.query<Record<string, unknown>>(sql, parameters));
  const READ = 'select s.ticket_id, s.checked_in_at, s.gate from scans s where s.scan_id = $1';

  it('records an admission as before, and the log has it with its event', async () => {
    const ticket = await door.ticket();
    const scanId = randomUUID();
    const admit = () =>
      ofBefore(
        `insert into scans (tenant_id, scan_id, ticket_id, gate, checked_in_at) values ($1, $2, $3, 'North', now()) on conflict do nothing returning scan_id`,
        [door.event.tenantId, scanId, ticket.ticketId],
      );
    expect([await admit(), await admit()]).toEqual([[{ scan_id: scanId }], []]);
    expect(await door.scansOf(ticket)).toMatchObject([{ result: 'admitted', eventId: door.event.eventId, by: null }]);
    expect(await ofBefore(READ, [scanId])).toMatchObject([{ gate: 'North' }]);
  });

  it('takes nothing for an admission that is none, or none any more', async () => {
    const ticket = await door.ticket();
    const [refused, admitted, undone] = [randomUUID(), randomUUID(), randomUUID()];
    await door.checkIn(ticket, { scanId: refused, eventId: randomUUID() });
    await door.checkIn(ticket, { scanId: admitted });
    expect(await ofBefore(READ, [admitted])).toHaveLength(1);
    await door.undo(ticket, { scanId: undone });
    for (const scanId of [refused, admitted, undone]) expect(await ofBefore(READ, [scanId])).toEqual([]);
  });
});
