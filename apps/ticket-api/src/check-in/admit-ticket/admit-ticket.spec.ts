import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { openTicketApi, type Answer, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../../testing/seed.js';
import { untilWaiting } from '../../testing/until-waiting.js';
import { stepAt } from '@app/ticket-codes';
import { TicketCodes, TicketsModule } from '../../tickets/tickets.module.js';
import { judgeCheckIn } from '../check-in.js';
import { CheckInStore } from '../check-in.store.js';
import { CheckInModule } from '../check-in.module.js';

let api: TicketApi;
let holder: Identity;
let scanner: Identity;
let stranger: Identity;
let event: SeededEvent;

beforeAll(async () => {
  const ticketReads = ['listTickets', 'listMyTickets', 'listTicketsOfUser', 'listTicketsOfUserAndEvent'];
  const others = ['listTicketsOfEvent', 'getTicket', 'ticket codes', 'ticket files'];
  api = await openTicketApi([TicketsModule, CheckInModule], ['check-in', ...ticketReads, ...others]);
  [holder, scanner, stranger] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { scanner }));
});
afterAll(() => api.close());

const codeOf = async (ticketId: string, as = holder) =>
  (await api.call('GET', `/tickets/${ticketId}/qr?format=json&kind=static`, { as })).body.code as string;

/** A new ticket with its code. */
async function ticket(of = event) {
  const { ticketIds } = await addTickets(api.db, of, holder);
  const ticketId = ticketIds[0] as string;
  return { ticketId, code: await codeOf(ticketId) };
}

const checkIn = (ticketId: string, body: object, as = scanner) =>
  api.call('POST', `/tickets/${ticketId}/checkin`, { as, body });
const checkInByCode = (body: object, as = scanner) => api.call('POST', '/tickets/checkin', { as, body });
const validate = (ticketId: string, code: string, as = scanner) =>
  api.call('POST', `/tickets/${ticketId}/validate`, { as, body: { code } });

describe('checking in', () => {
  it('hard case 22: admits once, and tells the second gate where and when the first one was', async () => {
    const { ticketId, code } = await ticket();
    const first = await checkIn(ticketId, { code, eventId: event.eventId, gate: 'North' });
    expect(first).toMatchObject({ status: 200, body: { ticketId, status: 'checked_in', gate: 'North' } });
    expect(new Date(first.body.checkedInAt).getTime()).toBeGreaterThan(Date.now() - 60_000);

    const second = await checkIn(ticketId, { code, gate: 'South' });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'already-checked-in', checkedInAt: first.body.checkedInAt, gate: 'North' },
    });
    const seen = await api.call('GET', `/tickets/${ticketId}`, { as: holder });
    expect(seen.body).toMatchObject({ status: 'checked_in', gate: 'North', checkedInAt: first.body.checkedInAt });
  });

  it('hard case 22: admits one of 50 gates that scan the same ticket at once, though many of them saw it valid', async () => {
    const { ticketId, code } = await ticket();
    let scans: Promise<Answer>[] = [];
    await api.db.database.asTenant(event.tenantId, async (other) => {
      await other.query('select from tickets where id = $1 for no key update', [ticketId]);
      scans = Array.from({ length: 50 }, (_, n) => checkIn(ticketId, { code, gate: `${n}`, scanId: randomUUID() }));
      await untilWaiting(api.db, 5);
    });
    const answers = await Promise.all(scans);
    const admitted = answers.filter(({ status }) => status === 200);
    expect(admitted).toHaveLength(1);
    const { checkedInAt, gate } = admitted[0]!.body;
    for (const { status, body } of answers.filter((answer) => !admitted.includes(answer)))
      expect({ status, ...body }).toMatchObject({ status: 409, code: 'already-checked-in', checkedInAt, gate });
  });

  it('admits nobody whom a replica of the release before admits in that moment, without a scan id', async () => {
    const { ticketId, code } = await ticket();
    let scan: Promise<Answer> | undefined;
    await api.db.database.asTenant(event.tenantId, async (other) => {
      await other.execute(
        `update tickets set status = 'checked_in', checked_in_at = now(), gate = 'Old' where id = $1`,
        [ticketId],
      );
      scan = checkIn(ticketId, { code, gate: 'New' });
      await untilWaiting(api.db, 1);
    });
    const { status, body } = await scan!;
    expect([status, body.code, body.gate]).toEqual([409, 'already-checked-in', 'Old']);
  });

  it('does not admit with a code that dies between being read and being used', async () => {
    const { ticketId, code } = await ticket();
    let scan: Promise<Answer> | undefined;
    await api.db.database.asTenant(event.tenantId, async (other) => {
      await other.execute('update tickets set holder_version = holder_version + 1 where id = $1', [ticketId]);
      scan = checkIn(ticketId, { code });
      await untilWaiting(api.db, 1);
    });
    const { status, body } = await scan!;
    expect([status, body.code]).toEqual([409, 'invalid-code']);
    expect((await checkIn(ticketId, { code: await codeOf(ticketId) })).status).toBe(200);
  });

  it('does not admit with a code whose key is revoked between being read and being used', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const { ticketId, code } = await ticket(of);
    const presented = api.app.get(TicketCodes, { strict: false }).read(code)!;
    const store = api.app.get(CheckInStore, { strict: false });
    await api.db.database.asTenant(event.tenantId, async () => {
      const stored = await store.read(ticketId, undefined);
      expect(judgeCheckIn({ code: presented, ...stored, at: {} }).verdict).toBe('admit');
      await api.db.asOwner('update events set code_generation = 2, oldest_code_generation = 2 where id = $1', [
        of.eventId,
      ]);
      expect(
        await store.admit(presented, { gate: null, scanId: undefined, by: { user: null, key: null } }),
      ).toBeUndefined();
    });
    const { status, body } = await checkIn(ticketId, { code });
    expect([status, body.code]).toEqual([409, 'invalid-code']);
  });

  it('hard case 25: takes the code of a screen for a minute, and the same scan again also later', async () => {
    const [one, other] = [await ticket(), await ticket()];
    const codes = api.app.get(TicketCodes, { strict: false });
    const [row] = await api.db.asOwner<{ now: Date }>('select now() as now');
    const shownAgo = async (ticketId: string, steps: number) => {
      const codable = { ticketId, eventId: event.eventId, holderVersion: 1, generation: 1 };
      return (await codes.signSteps(codable, stepAt(row!.now) - steps, 1))[0]!;
    };
    const late = await checkIn(one.ticketId, { code: await shownAgo(one.ticketId, 3), scanId: 'late' });
    expect([late.status, late.body.code]).toEqual([409, 'code-expired']);
    expect((await validate(one.ticketId, await shownAgo(one.ticketId, 3))).body).toMatchObject({
      ...{ valid: false, reason: 'code-expired', ticket: { id: one.ticketId, status: 'valid' } },
    });
    const first = await checkIn(other.ticketId, { code: await shownAgo(other.ticketId, 0), scanId: randomUUID() });
    expect(first.status).toBe(200);
    await api.db.asOwner(`update gate_scans set scan_id = 'first' where ticket_id = $1`, [other.ticketId]);
    const again = await checkIn(other.ticketId, { code: await shownAgo(other.ticketId, 20), scanId: 'first' });
    expect([again.status, again.body.checkedInAt]).toEqual([200, first.body.checkedInAt]);
  });

  it('knows three addresses for the same thing, one of them by the code alone', async () => {
    for (const path of [(id: string) => `/tickets/checkin/${id}`, () => '/tickets/checkin']) {
      const { ticketId, code } = await ticket();
      const { status, body } = await api.call('POST', path(ticketId), { as: scanner, body: { code } });
      expect([status, body]).toEqual([200, expect.objectContaining({ ticketId, gate: null })]);
    }
  });

  it('takes no code of another ticket, no printed number and no forgery', async () => {
    const [one, other] = [await ticket(), await ticket()];
    const seen = await api.call('GET', `/tickets/${one.ticketId}`, { as: holder });
    const forged = `${one.code.slice(0, -1)}${one.code.endsWith('0') ? '1' : '0'}`;
    for (const code of [other.code, seen.body.number, one.ticketId, forged, '']) {
      const { status, body } = await checkIn(one.ticketId, { code });
      expect([status, body.code]).toEqual([409, 'invalid-code']);
    }
  });

  it('takes no code of an event where the caller has no role', async () => {
    const elsewhere = await ticket(await addEvent(api.db, await addOrganization(api.db, { owner: stranger })));
    const { ticketId, code } = await ticket();
    for (const [given, as] of [
      [elsewhere.code, scanner],
      [code, stranger],
      [code, holder],
    ] as const) {
      const { status, body } = await checkInByCode({ code: given }, as);
      expect([status, body.code]).toEqual([409, 'invalid-code']);
    }
    expect((await checkIn(ticketId, { code }, stranger)).status).toBe(404);
    expect((await checkIn(ticketId, { code }, holder)).status).toBe(403);
    expect((await api.call('POST', `/tickets/${ticketId}/checkin`, { body: { code } })).status).toBe(401);
  });

  it('sends a ticket for another event away without using it up', async () => {
    const { ticketId, code } = await ticket();
    const wrong = await checkIn(ticketId, { code, eventId: randomUUID() });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'wrong-event']);
    expect((await checkIn(ticketId, { code })).status).toBe(200);
  });

  it.each([
    [`status = 'void', holder_version = holder_version + 1`, 'ticket-void'],
    [`status = 'frozen'`, 'ticket-frozen'],
    ['holder_version = holder_version + 1', 'invalid-code'],
  ])('a ticket with %s → %s', async (change, expected) => {
    const { ticketId, code } = await ticket();
    await api.db.asOwner(`update tickets set ${change} where id = $1`, [ticketId]);
    const { status, body } = await checkIn(ticketId, { code });
    expect([status, body.code]).toEqual([409, expected]);
    expect((await validate(ticketId, code)).body).toMatchObject({ valid: false, reason: expected });
  });
});

describe('a scan id', () => {
  let scanId: string;
  beforeEach(() => {
    scanId = randomUUID();
  });

  it('gets the first answer again', async () => {
    const { ticketId, code } = await ticket();
    const first = await checkIn(ticketId, { code, gate: 'North', scanId });
    const again = await checkIn(ticketId, { code, gate: 'South', scanId, eventId: randomUUID() });
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('hard case 22: gets the same answer when it is sent 20 times at once', async () => {
    const { ticketId, code } = await ticket();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => checkIn(ticketId, { code, gate: `${n}`, scanId })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('belongs to one ticket, also when two are scanned under it at once', async () => {
    const tickets = await Promise.all(Array.from({ length: 8 }, () => ticket()));
    const answers = await Promise.all(tickets.map(({ ticketId, code }) => checkIn(ticketId, { code, scanId })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, body } of refused) expect([status, body.code]).toEqual([422, 'scan-id-reused']);
    const used = await api.db.asOwner(`select from tickets where id = any($1) and status = 'checked_in'`, [
      tickets.map(({ ticketId }) => ticketId),
    ]);
    expect(used).toHaveLength(1);
  });

  it('means nothing at another organization', async () => {
    const elsewhere = await addEvent(api.db, await addOrganization(api.db, { scanner }));
    for (const { ticketId, code } of [await ticket(), await ticket(elsewhere)])
      expect((await checkIn(ticketId, { code, scanId })).status).toBe(200);
  });
});

describe('validating', () => {
  it('says what a gate would say, and changes nothing', async () => {
    const { ticketId, code } = await ticket();
    for (const _ of [1, 2]) {
      const { status, body } = await validate(ticketId, code);
      expect([status, body]).toEqual([
        200,
        { valid: true, ticket: expect.objectContaining({ id: ticketId, status: 'valid' }) },
      ]);
    }
    await checkIn(ticketId, { code });
    const used = await validate(ticketId, code);
    expect(used.body).toMatchObject({ valid: false, reason: 'already-checked-in', ticket: { status: 'checked_in' } });
    expect((await validate(ticketId, 'x')).body).toEqual({ valid: false, reason: 'invalid-code' });
  });

  it('takes the code of no other ticket', async () => {
    const [{ ticketId }, { code }] = [await ticket(), await ticket()];
    expect((await validate(ticketId, code)).body).toEqual({ valid: false, reason: 'invalid-code' });
  });

  it('is for the people of the event', async () => {
    const { ticketId, code } = await ticket();
    expect((await validate(ticketId, code, stranger)).status).toBe(404);
    expect((await validate(ticketId, code, holder)).status).toBe(403);
  });
});
