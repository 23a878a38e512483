import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { Pool } from 'undici';
import { audit, auditEnvironmentOf } from './support/audit.js';
import { eventually } from './support/client.js';
import { expecting, sale, type Sale } from './support/sale.js';

/** The full count where the services are real ones, as the promise is told; elsewhere, or by `ADMISSION_SCANS`, less of it. */
const SCANS = Number(process.env.ADMISSION_SCANS ?? (process.env.TEST_SERVICES ? 10_000 : 2_000));
const SCANS_OF_TICKET = 10;
const TICKETS = SCANS / SCANS_OF_TICKET;
const AT_ONCE = 64;
/** After so many answers ticket-api is killed. */
const KILL_AFTER = SCANS / 3;

interface Scan {
  ticketId: string;
  body: { code: string; gate: string; scanId: string };
}
interface Told {
  status: number;
  body: { code?: string; checkedInAt?: string; gate?: string };
}

describe('a crowd at two gates', () => {
  let platform: Platform;
  let selling: Sale;
  let gates: Pool;
  const answers = new Map<string, Told>();
  let scans: Scan[] = [];

  beforeAll(async () => {
    platform = await startPlatform({
      environment: { RATE_LIMIT_AUTH: '0', RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_CALLER: '0', MAX_HOLDS_PER_BUYER: '0' },
    });
    gates = new Pool(platform.url, { connections: AT_ONCE });
    const free = { price: { amount: 0, currency: 'EUR' }, capacity: TICKETS, maxPerOrder: TICKETS };
    selling = await sale(platform, free);
    const wish = { eventId: selling.eventId, items: [{ ticketTypeId: selling.typeId, quantity: TICKETS }] };
    const { tickets } = await expecting(201, selling.organizer.client, 'POST', '/orders', wish);
    expect(tickets).toHaveLength(TICKETS);
    await each(tickets as { id: string }[], async ({ id: ticketId }) => {
      const { body } = await eventually(
        'the code of a ticket',
        () => ask('GET', `/tickets/${ticketId}/qr?format=json&kind=static`),
        ({ status }) => status === 200,
        60_000,
      );
      for (let n = 0; n < SCANS_OF_TICKET; n += 1)
        scans.push({
          ticketId,
          body: { code: (body as { code: string }).code, gate: n % 2 ? 'North' : 'South', scanId: randomUUID() },
        });
    });
    scans = scans
      .map((scan) => [Math.random(), scan] as const)
      .sort(([a], [b]) => a - b)
      .map(([, scan]) => scan);
  }, 120_000);
  afterAll(async () => {
    await gates?.destroy();
    await platform?.remove();
  });

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Told> {
    const answer = await gates.request({
      ...{ method, path: `/api/v1${path}` },
      headers: {
        authorization: `Bearer ${selling.organizer.accessToken}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Told['body'] };
  }

  /** As a gate does it: what has no answer, or one that says later, is sent again with its scan id. */
  const scan = ({ body }: Scan) =>
    eventually(
      'an answer to a scan',
      () => ask('POST', '/tickets/checkin', { ...body, eventId: selling.eventId }),
      ({ status }) => status !== 503,
      60_000,
    );

  it('hard case 22: ten scans of each of a thousand tickets admit each exactly once, though ticket-api is killed among them', async () => {
    let killing: Promise<void> | undefined;
    await each(scans, async (one) => {
      // Some devices are impatient: they send the same scan twice at once.
      const sent = Math.random() < 0.05 ? [scan(one), scan(one)] : [scan(one)];
      const [told, ...again] = await Promise.all(sent);
      for (const other of again) expect(factsOf(other)).toEqual(factsOf(told!));
      answers.set(one.body.scanId, told!);
      if (answers.size > KILL_AFTER) killing ??= platform.kill('ticket-api');
    });
    await killing;
    const codes = [...answers.values()].map(({ status, body: { code } }) => `${status} ${code ?? ''}`);
    expect(new Set(codes)).toEqual(new Set(['200 ', '409 already-checked-in']));
    const admitted = new Map<string, Told>();
    for (const { ticketId, body } of scans) {
      const told = answers.get(body.scanId)!;
      if (told.status !== 200) continue;
      expect(admitted.has(ticketId)).toBe(false);
      admitted.set(ticketId, told);
    }
    expect(admitted.size).toBe(TICKETS);
    for (const { ticketId, body } of scans) {
      const { status, body: told } = answers.get(body.scanId)!;
      const first = admitted.get(ticketId)!.body;
      if (status === 200) continue;
      expect([status, told.code, told.gate, told.checkedInAt]).toEqual([
        ...[409, 'already-checked-in', first.gate, first.checkedInAt],
      ]);
    }
  }, 300_000);

  it('every scan keeps the answer that it was given', async () => {
    await each(scans.slice(0, 300), async (one) => {
      const before = answers.get(one.body.scanId)!;
      expect(factsOf(await scan(one))).toEqual(factsOf(before));
    });
  });

  it('the counts and the log tell the same, and the invariants hold', async () => {
    const { client } = selling.organizer;
    const { admitted, inside, byGate } = await eventually(
      'the counts',
      () => expecting(200, client, 'GET', `/events/${selling.eventId}/admissions`),
      (counted) => counted.admitted === TICKETS,
    );
    expect([admitted, inside]).toEqual([TICKETS, TICKETS]);
    expect(byGate.map(({ gate }: { gate: string }) => gate)).toEqual(['North', 'South']);
    let logged = 0;
    for (let cursor = ''; ;) {
      const path = `/events/${selling.eventId}/scans?result=admitted&limit=100${cursor && `&cursor=${cursor}`}`;
      const page = await expecting(200, client, 'GET', path);
      logged += page.data.length;
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(logged).toBe(TICKETS);
    expect(await audit(auditEnvironmentOf(platform), '--only', 'I1,I5')).toMatchObject({ code: 0 });
  });
});

const factsOf = ({ status, body }: Told) => [status, body.code, body.gate, body.checkedInAt];

/** With so many at once. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let at = 0;
  const worker = async () => {
    for (let one = all[at++]; one !== undefined; one = all[at++]) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
