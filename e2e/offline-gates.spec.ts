import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryStore, Platform as PlatformOfGate, Scanner } from '@app/scanner';
import { startPlatform, type Platform } from '@app/testing';
import { audit, auditEnvironmentOf } from './support/audit.js';
import { Client, eventually } from './support/client.js';
import type { Person } from './support/people.js';
import { sale, type Sale } from './support/sale.js';

/** The full count where the services are real ones; elsewhere, or by `OFFLINE_TICKETS`, less of it. */
const TICKETS = Number(process.env.OFFLINE_TICKETS ?? (process.env.TEST_SERVICES ? 1_000 : 200));
const AT_ONCE = 16;

interface KnownTicket {
  ticketId: string;
  code: string;
}

/** A gate whose network can be cut. */
interface Gate {
  scanner: Scanner;
  deviceId: string;
  online: boolean;
  key: string;
}

describe('gates without network', () => {
  let platform: Platform;
  let selling: Sale;
  let staff: Person;

  beforeAll(async () => {
    const limits = { RATE_LIMIT_AUTH: '0', RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_CALLER: '0', RATE_LIMIT_KEY: '0' };
    platform = await startPlatform({ environment: limits });
    selling = await sale(platform, free());
    staff = selling.organizer;
  }, 120_000);
  afterAll(() => platform?.remove());

  const free = () => ({ price: { amount: 0, currency: 'EUR' }, capacity: 3_000, maxPerOrder: 1_000 });
  /** What is told to come later comes later: on a busy machine that happens. */
  async function ask(method: string, path: string, body?: unknown, status = 200): Promise<any> {
    const answer = await eventually(
      `${method} ${path}`,
      () => staff.client.send(method, path, body),
      (one) => one.status !== 503,
      60_000,
    );
    expect([method, path, answer.status, answer.body]).toEqual([method, path, status, answer.body]);
    return answer.body;
  }

  async function buy(quantity: number, of = selling): Promise<string[]> {
    const wish = { eventId: of.eventId, items: [{ ticketTypeId: of.typeId, quantity }] };
    const { tickets } = await ask('POST', '/orders', wish, 201);
    return (tickets as { id: string }[]).map(({ id }) => id);
  }
  /** Of the same organization: of others a gate learns nothing. */
  async function anotherEvent({ organizationId }: Sale): Promise<Sale> {
    const times = { startsAt: '2040-06-01T18:00:00Z', endsAt: '2040-06-01T22:00:00Z', timezone: 'Europe/Warsaw' };
    const facts = { organizationId, title: 'Another night', venue: { name: 'Green Hall' }, ...times };
    const { id: eventId } = await ask('POST', '/events', facts, 201);
    const { id: typeId } = await ask('POST', `/events/${eventId}/ticket-types`, { name: 'Standing', ...free() }, 201);
    await ask('POST', `/events/${eventId}/publish`);
    return { organizer: staff, organizationId, eventId, typeId };
  }
  async function ticket(of = selling): Promise<KnownTicket> {
    const [ticketId = ''] = await buy(1, of);
    return { ticketId, code: (await ask('GET', `/tickets/${ticketId}/qr?format=json&kind=static`)).code };
  }

  /** @param only the one event that the device may scan, if not all of the organization */
  async function gate(name: string, of = selling, only: string | undefined = of.eventId): Promise<Gate> {
    const { organizationId, eventId } = of;
    const given = { name, gate: name, ...(only && { eventId: only }) };
    const device = await ask('POST', `/organizations/${organizationId}/devices`, given, 201);
    const made: Gate = { scanner: undefined as never, deviceId: device.id, online: true, key: device.key };
    const cable = ((...request: Parameters<typeof fetch>) =>
      made.online ? fetch(...request) : Promise.reject(new TypeError('fetch failed'))) as typeof fetch;
    made.scanner = await Scanner.open({
      platform: new PlatformOfGate({
        ...{ baseUrl: platform.api, deviceId: device.id, fetch: cable, scanTimeout: 10_000 },
        headers: () => ({ authorization: `Bearer ${device.key}` }),
      }),
      ...{ store: new MemoryStore(), eventId, gate: name, retryAfter: 0, batchSize: 50 },
    });
    await made.scanner.sync();
    return made;
  }
  /** Longer than what a gate may be wrong about the platform's clock: half of the time of a question. */
  const apart = () => new Promise((wake) => setTimeout(wake, 2_000));
  const conflictOf = async (id: string, of = selling) =>
    (await ask('GET', `/events/${of.eventId}/checkin-conflicts?limit=100`)).data.find(
      ({ ticketId }: { ticketId: string | null }) => ticketId === id,
    );

  it('give the same answers as gates with network', async () => {
    const of = await sale(platform, free(), staff);
    const vip = await ask('POST', `/events/${of.eventId}/ticket-types`, { name: 'VIP', ...free() }, 201);
    const other = await anotherEvent(of);
    await ask('POST', `/events/${of.eventId}/gates`, { name: 'North', ticketTypeIds: [of.typeId] }, 201);
    await ask('POST', `/events/${of.eventId}/gates`, { name: 'VIP', ticketTypeIds: [vip.id] }, 201);
    const asked = await gate('north', of, '');
    const cut = await gate('north', of, '');
    const elsewhere = await ticket(other);
    const rotating = async (ticketId: string, step: number) =>
      (await ask('GET', `/tickets/${ticketId}/codes?steps=${step + 1}`)).codes[step].code as string;
    const used = await ticket(of);
    await ask('POST', '/tickets/checkin', { code: used.code, gate: 'North' });
    const given = await ticket(of);
    // Both have seen it valid: that it was given back is news of the delta.
    await Promise.all([asked.scanner.sync(), cut.scanner.sync()]);
    await ask('DELETE', `/tickets/${given.ticketId}`, undefined, 202);
    const table: [what: string, of: () => Promise<string>, said: string][] = [
      ['a valid ticket', async () => (await ticket(of)).code, 'admitted'],
      ['a valid ticket on a screen', async () => rotating((await ticket(of)).ticketId, 0), 'admitted'],
      ['a code of a step to come', async () => rotating((await ticket(of)).ticketId, 5), 'code-expired'],
      ['a used ticket', async () => used.code, 'already-checked-in'],
      ['a ticket that was given back', async () => given.code, 'ticket-void'],
      ['a ticket for another event', async () => elsewhere.code, 'wrong-event'],
      ['a ticket for another gate', async () => (await ticket({ ...of, typeId: vip.id })).code, 'wrong-gate'],
      ['a forged code', async () => `${(await ticket(of)).code.slice(0, -3)}000`, 'invalid-code'],
      ['a printed number', async () => '100000001', 'invalid-code'],
    ];
    const told: unknown[] = [];
    for (const [what, codeOf, said] of table) {
      const [one, another] = said === 'admitted' ? [await codeOf(), await codeOf()] : Array(2).fill(await codeOf());
      await cut.scanner.sync();
      const online = await asked.scanner.scan(one);
      cut.online = false;
      const offline = await cut.scanner.scan(another);
      cut.online = true;
      expect([online.judgedBy, offline.judgedBy]).toEqual(['platform', 'gate']);
      told.push([what, ...[online, offline].map(({ admitted, reason }) => (admitted ? 'admitted' : reason))]);
    }
    expect(told).toEqual(table.map(([what, , said]) => [what, said, said]));
  });

  it.each(['the earlier', 'the later'])(
    'hard case 23: let one ticket in twice, of which exactly the earlier counts, also when %s is told first',
    async (first) => {
      const { ticketId, code } = await ticket();
      const [north, south] = [await gate('North'), await gate('South')];
      north.online = south.online = false;
      expect(await north.scanner.scan(code)).toMatchObject({ admitted: true, judgedBy: 'gate' });
      await apart();
      expect(await south.scanner.scan(code)).toMatchObject({ admitted: true, judgedBy: 'gate' });
      north.online = south.online = true;
      const order = first === 'the earlier' ? [north, south] : [south, north];
      const told = [await order[0]!.scanner.sync(), await order[1]!.scanner.sync()];
      expect(told.map(({ uploaded }) => uploaded)).toEqual([1, 1]);
      // Whoever tells first may be overtaken: the report is what counts.
      expect(told.flatMap(({ conflicts }) => conflicts)).toHaveLength(first === 'the earlier' ? 1 : 0);
      expect(await ask('GET', `/tickets/${ticketId}`)).toMatchObject({ status: 'checked_in', gate: 'North' });
      expect(await conflictOf(ticketId)).toMatchObject({
        counts: { gate: 'North', device: { id: north.deviceId, name: 'North', registered: true } },
        others: [{ gate: 'South', device: { id: south.deviceId }, reason: 'already-checked-in' }],
      });
    },
  );

  it(`admit ${TICKETS} by codes that were fetched beforehand, and lose none when ticket-api is killed while they tell`, async () => {
    const of = await sale(platform, free(), staff);
    const tickets = await buy(TICKETS, of);
    const codes = new Map<string, { code: string; showFrom: string }[]>();
    await each(tickets, async (id) => void codes.set(id, (await ask('GET', `/tickets/${id}/codes?steps=20`)).codes));
    const north = await gate('North', of);
    north.online = false;
    const began = performance.now();
    for (const id of tickets) {
      const shown = codes.get(id)!.findLast(({ showFrom }) => Date.parse(showFrom) <= Date.now());
      expect(await north.scanner.scan(shown!.code)).toMatchObject({ admitted: true, judgedBy: 'gate', ticketId: id });
    }
    const perScan = (performance.now() - began) / tickets.length;
    expect(perScan).toBeLessThan(100);
    north.online = true;
    const telling = north.scanner.sync().catch(() => undefined);
    await platform.kill('ticket-api');
    await telling;
    const settled = await eventually(
      'all scans told',
      () => north.scanner.sync().catch(() => undefined),
      (done) => done !== undefined && north.scanner.untold === 0,
      60_000,
    );
    expect(settled?.conflicts).toEqual([]);
    const { admitted, inside } = await ask('GET', `/events/${of.eventId}/admissions`);
    expect({ admitted, inside }).toEqual({ admitted: TICKETS, inside: TICKETS });
    expect((await ask('GET', `/events/${of.eventId}/checkin-conflicts`)).data).toEqual([]);
  });

  it('scan the event of their device alone, and end when it is revoked; staff tell what it scanned before', async () => {
    const { ticketId, code } = await ticket();
    const lost = await gate('Lost');
    const other = await anotherEvent(selling);
    const foreign = await new Client(platform.api).as(lost.key).get(`/events/${other.eventId}/checkin-manifest`);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'forbidden']);
    lost.online = false;
    const { scanId } = await lost.scanner.scan(code);
    const scannedAt = new Date().toISOString();
    await apart();
    lost.online = true;
    await ask('DELETE', `/organizations/${selling.organizationId}/devices/${lost.deviceId}`, undefined, 204);
    await eventually(
      'the key being refused',
      () =>
        lost.scanner.sync().then(
          () => undefined,
          ({ status }: { status?: number }) => status,
        ),
      (status) => status === 401,
      8_000,
    );
    const { results } = await ask('POST', `/events/${selling.eventId}/checkins`, [
      { scanId, code, scannedAt, deviceId: lost.deviceId },
    ]);
    expect(results).toMatchObject([{ scanId, result: 'admitted', ticketId }]);
  });

  it('left books that are whole', async () => {
    const { code, said } = await audit(auditEnvironmentOf(platform), '--only', 'I1,I5');
    expect([code, said]).toEqual([0, expect.any(String)]);
  });

  async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const waiting = [...all];
    const worker = async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
});
