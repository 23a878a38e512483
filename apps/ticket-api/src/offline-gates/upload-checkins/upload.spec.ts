import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, Identity } from '@app/auth';
import type { CheckinConflict, CheckinUploadResult, UploadedScan } from '@app/contracts';
import fc from 'fast-check';
import { openGates } from '../../testing/open-gates.js';
import type { TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../../testing/seed.js';
import { untilWaiting } from '../../testing/until-waiting.js';

let api: TicketApi;
let holder: Identity;
let scanner: Identity;
let owner: Identity;
let event: SeededEvent;
beforeAll(async () => {
  api = await openGates();
  [holder, scanner, owner] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { scanner, owner }), { capacity: 10_000 });
});
afterAll(() => api?.close());

const codeOf = async (ticketId: string, kind = 'static') =>
  (await api.call('GET', `/tickets/${ticketId}/qr?format=json&kind=${kind}`, { as: holder })).body.code as string;

/** A ticket that was sold a day ago, and its code. */
async function ticket(of = event): Promise<{ ticketId: string; code: string }> {
  const { ticketIds } = await addTickets(api.db, of, holder);
  const [ticketId = ''] = ticketIds;
  await api.db.asOwner(`update tickets set created_at = now() - interval '1 day' where id = $1`, [ticketId]);
  return { ticketId, code: await codeOf(ticketId) };
}

const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * MINUTE).toISOString();
const scanOf = (code: string, given: Partial<UploadedScan> = {}): Partial<UploadedScan> => ({
  ...{ scanId: randomUUID(), code, scannedAt: ago(10), deviceId: 'A', gate: 'North' },
  ...given,
});
const post = (body: unknown, as: Identity | ApiKey = scanner, { eventId } = event) =>
  api.call('POST', `/events/${eventId}/checkins`, { as, body });
const upload = async (scans: unknown, of = event): Promise<CheckinUploadResult[]> => {
  const { status, body } = await post(scans, scanner, of);
  expect([status, body]).toEqual([200, { results: expect.anything() }]);
  return body.results;
};
const ticketOf = async (id: string) =>
  (await api.db.asOwner<any>(`select status, gate, checked_in_at, left_at from tickets where id = $1`, [id]))[0];
const log = (ticketId: string) =>
  api.db.asOwner<{ scan_id: string | null; result: string; reason: string | null }>(
    'select scan_id, result, reason from gate_scans where ticket_id = $1 order by scanned_at, scan_id',
    [ticketId],
  );
const conflicts = async (of = event, as = owner): Promise<CheckinConflict[]> =>
  (await api.call('GET', `/events/${of.eventId}/checkin-conflicts?limit=100`, { as })).body.data;
const conflictOf = async (id: string) => (await conflicts()).find(({ ticketId }) => ticketId === id);

describe('scans of a gate that had no network', () => {
  it('admit, at the time and the gate of the scan, with one answer each in their order', async () => {
    const [one, two] = [await ticket(), await ticket()];
    const [a, b] = [scanOf(one.code, { scannedAt: ago(5) }), scanOf(two.code, { gate: undefined, deviceId: 'B' })];
    expect(await upload([b, a])).toEqual([
      {
        ...{ scanId: b.scanId, result: 'admitted', ticketId: two.ticketId, gate: null, deviceId: 'B' },
        checkedInAt: b.scannedAt,
      },
      {
        ...{ scanId: a.scanId, result: 'admitted', ticketId: one.ticketId, gate: 'North', deviceId: 'A' },
        checkedInAt: a.scannedAt,
      },
    ]);
    expect(await ticketOf(one.ticketId)).toEqual({
      ...{ status: 'checked_in', gate: 'North', left_at: null },
      checked_in_at: new Date(a.scannedAt!),
    });
    const online = await api.call('POST', '/tickets/checkin', { as: scanner, body: { code: one.code } });
    expect(online).toMatchObject({
      status: 409,
      body: { code: 'already-checked-in', checkedInAt: a.scannedAt, gate: 'North' },
    });
    expect(await conflictOf(one.ticketId)).toBeUndefined();
  });

  it.each(['the earlier first', 'the later first', 'both at once', 'the later first, at once'])(
    'hard case 23: of two gates that admitted one ticket the earlier counts and the other is reported, told %s',
    async (order) => {
      const { ticketId, code } = await ticket();
      const early = scanOf(code, { scannedAt: ago(20), gate: 'North', deviceId: 'A' });
      const late = scanOf(code, { scannedAt: ago(10), gate: 'South', deviceId: 'B' });
      const told = order.startsWith('the later') ? [late, early] : [early, late];
      const results = /at once/.test(order)
        ? await upload(told)
        : [...(await upload([told[0]])), ...(await upload([told[1]]))];
      const counts = { ticketId, checkedInAt: early.scannedAt, gate: 'North', deviceId: 'A' };
      expect(results.find(({ scanId }) => scanId === early.scanId)).toEqual({
        scanId: early.scanId,
        result: 'admitted',
        ...counts,
      });
      // Again: whoever was told first may have heard otherwise.
      expect(await upload([late, early])).toEqual([
        { scanId: late.scanId, result: 'conflict', reason: 'already-checked-in', ...counts },
        { scanId: early.scanId, result: 'admitted', ...counts },
      ]);
      expect(await ticketOf(ticketId)).toMatchObject({ gate: 'North', checked_in_at: new Date(early.scannedAt!) });
      expect(await conflictOf(ticketId)).toEqual({
        ...{ ticketId, number: expect.any(String) },
        counts: reported(early, null),
        others: [reported(late, 'already-checked-in')],
      });
    },
  );

  it('hard case 23: an online admission that was later makes room for an earlier one, and is reported', async () => {
    const { ticketId, code } = await ticket();
    const online = await api.call('POST', '/tickets/checkin', {
      as: scanner,
      body: { code, gate: 'East', scanId: randomUUID() },
    });
    expect(online.status).toBe(200);
    const early = scanOf(code);
    expect(await upload([early])).toMatchObject([{ result: 'admitted', gate: 'North', checkedInAt: early.scannedAt }]);
    expect(await ticketOf(ticketId)).toMatchObject({ gate: 'North' });
    const report = await conflictOf(ticketId);
    expect(report).toMatchObject({
      counts: { scanId: early.scanId },
      others: [{ gate: 'East', reason: 'already-checked-in' }],
    });
  });

  it('hard case 22: are the same admission when the answer of the online scan was lost', async () => {
    const { ticketId, code } = await ticket();
    const scanId = randomUUID();
    const online = await api.call('POST', '/tickets/checkin', { as: scanner, body: { code, gate: 'North', scanId } });
    const [result] = await upload([scanOf(code, { scanId, scannedAt: new Date().toISOString() })]);
    expect(result).toMatchObject({ result: 'admitted', checkedInAt: online.body.checkedInAt, gate: 'North' });
    expect(await log(ticketId)).toHaveLength(1);
    // And the other way round.
    const other = await ticket();
    const scan = scanOf(other.code);
    await upload([scan]);
    const again = await api.call('POST', '/tickets/checkin', {
      as: scanner,
      body: { code: other.code, scanId: scan.scanId },
    });
    expect(again).toMatchObject({ status: 200, body: { checkedInAt: scan.scannedAt, gate: 'North' } });
  });

  it('hard case 22: told twice, also within one batch or at the same moment, are one', async () => {
    const { ticketId, code } = await ticket();
    const scan = scanOf(code);
    const [first, second] = await upload([scan, scan]);
    expect(second).toEqual(first);
    const [a, b] = await Promise.all([upload([scan]), upload([scan])]);
    expect([a, b]).toEqual([[first], [first]]);
    expect(await log(ticketId)).toHaveLength(1);
    const fresh = await Promise.all(Array.from({ length: 5 }, () => ticket()));
    const batch = fresh.map((one) => scanOf(one.code));
    const all = await Promise.all([upload(batch), upload([...batch].reverse()), upload(batch)]);
    expect(new Set(all.flat().map(({ result }) => result))).toEqual(new Set(['admitted']));
  });

  it('of one ticket end alike, in whatever order and batches they are told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        async (minutes, dice) => {
          const outcomes = [];
          for (const shuffled of [false, true]) {
            const { ticketId, code } = await ticket();
            const scans = minutes.map((m, n) =>
              scanOf(code, { scannedAt: ago(m), gate: `${n}`, scanId: `${n}-${ticketId}` }),
            );
            const order = shuffled ? [...scans].sort(() => (dice.next().value % 2 ? 1 : -1)) : scans;
            for (let at = 0; at < order.length;) {
              const size = shuffled ? 1 + (dice.next().value % 3) : order.length;
              await upload(order.slice(at, at + size));
              at += size;
            }
            const rows = await log(ticketId);
            outcomes.push([
              (await ticketOf(ticketId)).gate,
              rows.map(({ scan_id, result }) => [scan_id?.split('-')[0], result]),
            ]);
          }
          expect(outcomes[0]).toEqual(outcomes[1]);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('hard case 21: count by the platform’s clock when the gate tells its own, and never in the future', async () => {
    const off = 365 * 24 * 60 * MINUTE;
    const shift = (at: string, by: number) => new Date(Date.parse(at) + by).toISOString();
    const { ticketId, code } = await ticket();
    const ahead = scanOf(code, { scannedAt: shift(ago(10), off), gate: 'Ahead' });
    const right = scanOf(code, { scannedAt: ago(15), gate: 'Right' });
    await upload([right]);
    const [result] = await upload({ scans: [ahead], sentAt: shift(new Date().toISOString(), off) });
    expect(result).toMatchObject({ result: 'conflict', gate: 'Right' });
    const [row] = await api.db.asOwner<{ scanned_at: Date }>('select scanned_at from gate_scans where scan_id = $1', [
      ahead.scanId,
    ]);
    expect(Math.abs(row!.scanned_at.getTime() - Date.parse(ago(10)))).toBeLessThan(30_000);
    // A time that cannot be wins over nobody: it is that of the upload.
    for (const impossible of [shift(ago(0), off), '1970-01-01T00:00:00Z'])
      expect(await upload([scanOf(code, { scannedAt: impossible })])).toMatchObject([
        { result: 'conflict', gate: 'Right' },
      ]);
    expect(await ticketOf(ticketId)).toMatchObject({ gate: 'Right' });
  });

  it('hard case 25: by a rotating code that was too old are in the log and in the report, and the person is inside', async () => {
    const { ticketId } = await ticket();
    const code = await codeOf(ticketId, 'rotating');
    const [late] = [scanOf(code, { scannedAt: ago(5) })];
    expect(await upload([late])).toMatchObject([
      { result: 'admitted', reason: 'code-expired', checkedInAt: late!.scannedAt },
    ]);
    expect(await conflictOf(ticketId)).toEqual({
      ...{ ticketId, number: expect.any(String), others: [] },
      counts: reported(late!, 'code-expired'),
    });
    const other = await ticket();
    const inTime = scanOf(await codeOf(other.ticketId, 'rotating'), { scannedAt: new Date().toISOString() });
    expect((await upload([inTime]))[0]).not.toHaveProperty('reason');
  });

  it('by a code that admits nobody are refused, told to the organizer, and change no ticket', async () => {
    const [given, disputed, handedOn] = [await ticket(), await ticket(), await ticket()];
    const listed = await ticket();
    await api.db.asOwner(`update tickets set status = 'listed', holder_version = 2 where id = $1`, [listed.ticketId]);
    const other = await ticket(await addEvent(api.db, event.tenantId));
    await api.db.asOwner(`update tickets set status = 'void', holder_version = 2 where id = $1`, [given.ticketId]);
    await api.db.asOwner(`update tickets set status = 'frozen' where id = $1`, [disputed.ticketId]);
    await api.db.asOwner(`update tickets set holder_version = 2 where id = $1`, [handedOn.ticketId]);
    const forged = `${(await ticket()).code.slice(0, -3)}000`;
    const told = [
      [given.code, 'ticket-void'],
      [disputed.code, 'ticket-frozen'],
      [handedOn.code, 'ticket-transferred'],
      [listed.code, 'ticket-listed'],
      [other.code, 'wrong-event'],
      [forged, 'invalid-code'],
      ['100000001', 'invalid-code'],
    ] as const;
    const scans = told.map(([code]) => scanOf(code));
    const expected = told.map(([, reason], n) =>
      expect.objectContaining({ scanId: scans[n]!.scanId, result: 'refused', reason }),
    );
    expect(await upload(scans)).toEqual(expected);
    expect(await upload(scans)).toEqual(expected);
    const report = await conflicts();
    for (const [n, [, reason]] of told.entries()) {
      const entries = report.flatMap(({ others }) => others).filter(({ scanId }) => scanId === scans[n]!.scanId);
      expect(entries).toEqual([reported(scans[n]!, reason)]);
    }
    for (const { ticketId } of [given, disputed, handedOn, listed, other])
      expect(await ticketOf(ticketId)).toMatchObject({ checked_in_at: null });
  });

  it('by a code of keys that were revoked are refused', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const { code } = await ticket(of);
    const body = { revokeEarlier: true };
    expect((await api.call('POST', `/events/${of.eventId}/ticket-keys`, { as: owner, body })).status).toBe(201);
    expect(await upload([scanOf(code)], of)).toMatchObject([{ result: 'refused', reason: 'invalid-code' }]);
  });

  it('let out and in again where the event allows it, by their times', async () => {
    const of = await addEvent(api.db, event.tenantId);
    await api.db.asOwner('update events set reentry_allowed = true where id = $1', [of.eventId]);
    const { ticketId, code } = await ticket(of);
    const [inside, out, again] = [30, 20, 10].map((m, n) =>
      scanOf(code, { scannedAt: ago(m), direction: n === 1 ? 'out' : 'in' }),
    );
    expect(await upload([again, inside], of)).toMatchObject([{ result: 'conflict' }, { result: 'admitted' }]);
    expect(await upload([out], of)).toMatchObject([{ result: 'left', checkedInAt: again!.scannedAt }]);
    expect(await upload([again], of)).toMatchObject([{ result: 'readmitted' }]);
    expect(await ticketOf(ticketId)).toMatchObject({ left_at: null, checked_in_at: new Date(again!.scannedAt!) });
    const last = scanOf(code, { scannedAt: ago(5), direction: 'out' });
    expect(await upload([last], of)).toMatchObject([{ result: 'left' }]);
    expect(await ticketOf(ticketId)).toMatchObject({ left_at: new Date(last.scannedAt!) });
  });

  it('do not bring back what an organizer took back, and count after it', async () => {
    const { ticketId, code } = await ticket();
    const [first, second] = [scanOf(code, { scannedAt: ago(30) }), scanOf(code, { scannedAt: ago(20), gate: 'South' })];
    await upload([first, second]);
    await api.db.asOwner(`update gate_scans set undone_at = now() where ticket_id = $1 and result = 'admitted'`, [
      ticketId,
    ]);
    await api.db.asOwner(`update tickets set status = 'valid', checked_in_at = null, gate = null where id = $1`, [
      ticketId,
    ]);
    expect(await upload([first, second])).toMatchObject([
      { result: 'refused', reason: 'admission-undone' },
      { result: 'conflict', reason: 'already-checked-in' },
    ]);
    expect(await ticketOf(ticketId)).toMatchObject({ status: 'valid' });
    expect(await upload([scanOf(code, { scannedAt: ago(25), gate: 'West' })])).toMatchObject([
      { result: 'admitted', gate: 'West' },
    ]);
    expect(await log(ticketId)).toHaveLength(3);
  });

  it('make room in the log for an admission of which it has no row', async () => {
    const { ticketId, code } = await ticket();
    const at = ago(15);
    await api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = $2, gate = 'Old' where id = $1`, [
      ticketId,
      at,
    ]);
    expect(await upload([scanOf(code)])).toMatchObject([{ result: 'conflict', gate: 'Old', checkedInAt: at }]);
    expect(await upload([scanOf(code, { scannedAt: ago(20), gate: 'New' })])).toMatchObject([
      { result: 'admitted', gate: 'New' },
    ]);
    expect((await log(ticketId)).map(({ result }) => result)).toEqual(['admitted', 'conflict', 'conflict']);
  });

  it('of another ticket may not have an id that is taken', async () => {
    const [one, two] = [await ticket(), await ticket()];
    const scan = scanOf(one.code);
    const stolen = { ...scan, code: two.code };
    expect(await upload([scan, stolen])).toMatchObject([
      { result: 'admitted' },
      { result: 'refused', reason: 'scan-id-reused' },
    ]);
    expect(await upload([stolen])).toMatchObject([{ result: 'refused', reason: 'scan-id-reused' }]);
    expect(await ticketOf(two.ticketId)).toMatchObject({ status: 'valid' });
  });

  it('wait for a gate that is admitting the same ticket', async () => {
    const { ticketId, code } = await ticket();
    let told: Promise<CheckinUploadResult[]> | undefined;
    await api.db.database.asTenant(event.tenantId, async (other) => {
      await other.execute(
        `update tickets set status = 'checked_in', checked_in_at = now(), gate = 'Online' where id = $1`,
        [ticketId],
      );
      told = upload([scanOf(code)]);
      await untilWaiting(api.db, 1);
    });
    expect(await told).toMatchObject([{ result: 'admitted', gate: 'North' }]);
    expect((await log(ticketId)).map(({ result }) => result)).toEqual(['admitted', 'conflict']);
  });

  it('come up to 500 at once, also such that are long', async () => {
    const { ticketIds } = await addTickets(api.db, event, holder, 1);
    const code = await codeOf(ticketIds[0]!);
    const scan = (n: number) =>
      scanOf(code, { scannedAt: ago(n % 60), gate: 'G'.repeat(100), deviceId: 'D'.repeat(100) });
    const results = await upload({
      scans: Array.from({ length: 500 }, (_, n) => scan(n)),
      sentAt: new Date().toISOString(),
    });
    expect(results).toHaveLength(500);
    expect(results.filter(({ result }) => result === 'admitted')).toHaveLength(1);
    expect(await post(Array.from({ length: 501 }, (_, n) => scan(n)))).toMatchObject({ status: 422 });
    expect(await post([{ ...scan(1), code: 'x'.repeat(600 * 1024) }])).toMatchObject({ status: 413 });
  });

  it.each([
    ['no list', {}, 'scans'],
    ['an empty list', [], ''],
    ['a scan without a device', [{ scanId: 'a', code: 'b', scannedAt: '2030-01-01T00:00:00Z' }], '0.deviceId'],
    [
      'an unknown field',
      [{ scanId: 'a', code: 'b', scannedAt: '2030-01-01T00:00:00Z', deviceId: 'c', ticketId: 'd' }],
      '0.ticketId',
    ],
    ['no time', { scans: [{ scanId: 'a', code: 'b', scannedAt: 'yesterday', deviceId: 'c' }] }, 'scans.0.scannedAt'],
  ])('are not taken from %s', async (_, body, path) => {
    const { status, body: problem } = await post(body);
    expect([status, problem.code, problem.errors[0].path]).toEqual([422, 'validation-failed', path]);
  });

  it('are told by the staff of the event, also of a suspended organization, and the report is for organizers', async () => {
    const { code } = await ticket();
    const scan = [scanOf(code)];
    expect(await post(scan, holder)).toMatchObject({ status: 403 });
    expect(await post(scan, scanner, { ...event, eventId: randomUUID() })).toMatchObject({ status: 404 });
    const report = (as: Identity | ApiKey) => api.call('GET', `/events/${event.eventId}/checkin-conflicts`, { as });
    expect([(await report(scanner)).status, (await report(holder)).status, (await report(owner)).status]).toEqual([
      403, 403, 200,
    ]);
    const [organization] = [await addOrganization(api.db, { scanner })];
    const suspended = await addEvent(api.db, organization);
    const sold = await ticket(suspended);
    await api.db.asOwner(
      `update organizations set suspended_at = now(), suspended_by = $2, suspension_reason = 'x' where tenant_id = $1`,
      [organization, owner.userId],
    );
    expect(await upload([scanOf(sold.code)], suspended)).toMatchObject([{ result: 'admitted' }]);
  });

  it('are reported in pages that lose nothing', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const scans = [];
    for (let n = 0; n < 5; n += 1) {
      const { code } = await ticket(of);
      scans.push(scanOf(code), scanOf(code));
    }
    await upload([...scans, scanOf('no code'), scanOf('none either')], of);
    const whole = await conflicts(of);
    expect(whole).toHaveLength(7);
    const paged: CheckinConflict[] = [];
    for (let cursor = ''; ;) {
      const path = `/events/${of.eventId}/checkin-conflicts?limit=3${cursor && `&cursor=${cursor}`}`;
      const { body } = await api.call('GET', path, { as: owner });
      paged.push(...body.data);
      if (!(cursor = body.nextCursor ?? '')) break;
    }
    expect(paged).toEqual(whole);
  });
});

const reported = ({ scanId, gate, deviceId, scannedAt }: Partial<UploadedScan>, reason: string | null) => ({
  ...{ scanId, gate, reason, device: { id: deviceId, name: null, registered: false } },
  ...{ scannedAt: new Date(scannedAt!).toISOString(), recordedAt: expect.any(String) },
});
