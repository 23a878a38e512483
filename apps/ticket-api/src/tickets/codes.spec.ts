import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { stepAt } from '@app/ticket-codes';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { CheckInModule } from '../check-in/check-in.module.js';
import { readIndependently } from '../testing/independent-reader.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../testing/seed.js';
import { TicketsModule } from './tickets.module.js';

let api: TicketApi;
let holder: Identity;
let owner: Identity;
let scanner: Identity;
let event: SeededEvent;

beforeAll(async () => {
  const lists = [
    'listTickets',
    'listMyTickets',
    'listTicketsOfUser',
    'listTicketsOfUserAndEvent',
    'listTicketsOfEvent',
  ];
  const handled = [...lists, 'getTicket', 'ticket files', 'ticket codes', 'check-in'];
  api = await openTicketApi([TicketsModule, CheckInModule], handled);
  [holder, owner, scanner] = [await addPerson(api.db), await addPerson(api.db), await addPerson(api.db)];
  event = await addEvent(api.db, await addOrganization(api.db, { owner, scanner }));
});
afterAll(() => api.close());

const get = (path: string, as?: Identity) => api.call('GET', path, as ? { as } : {});
const ticket = async (of = event) => (await addTickets(api.db, of, holder)).ticketIds[0] as string;
const qrOf = async (ticketId: string, kind = 'rotating') =>
  (await get(`/tickets/${ticketId}/qr?format=json&kind=${kind}`, holder)).body as { code: string; expiresAt: string };
const keysOf = async (of = event, as = scanner) => (await get(`/events/${of.eventId}/ticket-keys`, as)).body.keys;
const renew = (of: SeededEvent, body?: object, as = owner, headers = {}) =>
  api.call('POST', `/events/${of.eventId}/ticket-keys`, { as, body, headers });
const validate = async (ticketId: string, code: string) =>
  (await api.call('POST', `/tickets/${ticketId}/validate`, { as: scanner, body: { code } })).body;
const databaseClock = async () => (await api.db.asOwner<{ now: Date }>('select now() as now'))[0]!.now;

describe('the code of a ticket', () => {
  it('is given to its holder as JSON, SVG and PNG, kept by no cache', async () => {
    const path = `/tickets/${await ticket()}`;
    const json = await get(`${path}/qr?format=json&kind=static`, holder);
    expect(json.body).toEqual({ code: expect.stringMatching(/^.{153}$/), expiresAt: null });
    expect((await get(`${path}/qrcode?format=json&kind=static`, holder)).body).toEqual(json.body);

    for (const kind of ['', '&kind=static', '&kind=rotating']) {
      const svg = await get(`${path}/qr?format=svg${kind}`, holder);
      const png = await get(`${path}/qrcode?format=png${kind}`, holder);
      expect([svg.headers.get('content-type'), png.headers.get('content-type')]).toEqual([
        'image/svg+xml',
        'image/png',
      ]);
      expect(svg.body.toString()).toMatch(/^<svg /);
      expect(png.body.subarray(1, 4).toString()).toBe('PNG');
      for (const { headers } of [json, svg, png]) expect(headers.get('cache-control')).toBe('private, no-store');
    }
    for (const wrong of ['format=gif', 'kind=printed', 'step=1'])
      expect((await get(`${path}/qr?${wrong}`, holder)).status).toBe(422);
  });

  it('hard case 25: rotates unless the paper is asked for, and tells until when it is taken', async () => {
    const before = stepAt(await databaseClock());
    const { code, expiresAt } = (await get(`/tickets/${await ticket()}/qrcode?format=json`, holder)).body;
    const after = stepAt(await databaseClock());
    const { step } = (await readIndependently(code, await keysOf()))!;
    expect([before, after]).toContain(step);
    expect(expiresAt).toBe(new Date((step! + 2) * 30_000).toISOString());
  });

  it('is given to the organizers of its event and their keys, and to nobody else', async () => {
    const ticketId = await ticket();
    const elsewhere = await addPerson(api.db);
    await addOrganization(api.db, { owner: elsewhere });
    const key = (...scopes: 'tickets:read'[]) => ({ keyId: uuid(), tenantId: event.tenantId, name: 'Shop', scopes });
    const asking = async (as: Parameters<typeof api.call>[2]) =>
      (await api.call('GET', `/tickets/${ticketId}/qr`, as)).status;
    for (const as of [holder, owner, key('tickets:read')]) expect(await asking({ as })).toBe(200);
    expect(await asking({ as: key() })).toBe(403);
    for (const as of [scanner, elsewhere]) expect(await asking({ as })).toBe(404);
    expect(await asking({})).toBe(401);
  });

  it.each([
    ['void', 'ticket-void'],
    ['frozen', 'ticket-frozen'],
  ])('is not given for a ticket that is %s, nor is its paper', async (status, code) => {
    const ticketId = await ticket();
    await api.db.asOwner('update tickets set status = $2 where id = $1', [ticketId, status]);
    for (const what of ['qr', 'qr?kind=static', 'codes', 'pdf']) {
      const answer = await get(`/tickets/${ticketId}/${what}`, holder);
      expect([answer.status, answer.body.code]).toEqual([409, code]);
    }
  });

  it('is not given once the event is cancelled, also while its orders are being ended; one that is over changes nothing', async () => {
    const cancelled = await ticket(await addEvent(api.db, event.tenantId, { status: 'cancelled' }));
    const over = await ticket(await addEvent(api.db, event.tenantId, { startsIn: '-2 days' }));
    for (const what of ['qr', 'codes', 'pdf']) {
      const answer = await get(`/tickets/${cancelled}/${what}`, holder);
      expect([answer.status, answer.body.code]).toEqual([409, 'ticket-void']);
      expect((await get(`/tickets/${over}/${what}`, holder)).status).toBe(200);
    }
  });

  it('is verified by a reader that knows nothing but the documented layout and the public keys', async () => {
    const [ticketId, other] = [await ticket(), await ticket()];
    const keys = await keysOf();
    const facts = { ticketId, eventId: event.eventId, holderVersion: 1, keyId: keys[0].id };
    const rotating = await readIndependently((await qrOf(ticketId)).code, keys);
    expect(await readIndependently((await qrOf(ticketId, 'static')).code, keys)).toEqual({ ...facts, step: null });
    expect(rotating).toEqual({ ...facts, step: expect.any(Number) });
    expect((await readIndependently((await qrOf(other)).code, keys))!.ticketId).toBe(other);
    const elsewhere = await addEvent(api.db, event.tenantId);
    expect(await readIndependently((await qrOf(ticketId)).code, await keysOf(elsewhere))).toBeUndefined();
  });

  it('forged or with bits flipped is refused a thousand times, by the gate and by the independent reader', async () => {
    const ticketId = await ticket();
    const keys = await keysOf();
    const codes = [(await qrOf(ticketId)).code, (await qrOf(ticketId, 'static')).code];
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
    const forgery = fc.oneof(
      fc.tuple(fc.constantFrom(...codes), fc.nat(152), fc.constantFrom(...alphabet)).map(([code, at, character]) => {
        return code.slice(0, at) + character + code.slice(at + 1);
      }),
      fc.string({ unit: fc.constantFrom(...alphabet), minLength: 153, maxLength: 159 }),
      fc.tuple(fc.nat(152), fc.nat(152)).map(([a, b]) => codes[0]!.slice(0, a) + codes[1]!.slice(b)),
    );
    const forged = fc.sample(forgery, 1_500).filter((code) => !codes.includes(code));
    expect(forged.length).toBeGreaterThan(1_000);
    const told = new Set<string>();
    for (let at = 0; at < forged.length; at += 50)
      for (const { valid, reason } of await Promise.all(
        forged.slice(at, at + 50).map((code) => validate(ticketId, code)),
      ))
        told.add(`${valid} ${reason}`);
    expect([...told]).toEqual(['false invalid-code']);
    for (const code of forged) expect(await readIndependently(code, keys)).toBeUndefined();
    for (const code of codes) expect(await validate(ticketId, code)).toMatchObject({ valid: true });
  }, 60_000);
});

describe('the codes of the coming hours', () => {
  const ahead = (ticketId: string, query = '', as = holder) => get(`/tickets/${ticketId}/codes${query}`, as);

  it('are those that the page would show then, one after another, with our clock', async () => {
    const ticketId = await ticket();
    const { headers, body } = await ahead(ticketId);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body.codes).toHaveLength(120);
    const first = stepAt(new Date(body.now));
    const keys = await keysOf();
    for (const [n, { code, showFrom, expiresAt }] of body.codes.entries()) {
      expect((await readIndependently(code, keys))!.step).toBe(first + n);
      expect(Date.parse(showFrom)).toBe((first + n) * 30_000);
      expect(Date.parse(expiresAt)).toBe((first + n + 2) * 30_000);
    }
    const now = await qrOf(ticketId);
    expect(body.codes.slice(0, 2).map(({ code }: { code: string }) => code)).toContain(now.code);
    expect(await validate(ticketId, body.codes[0].code)).toMatchObject({ valid: true });
    expect(await validate(ticketId, body.codes[5].code)).toMatchObject({ valid: false, reason: 'code-expired' });
  });

  it('begin at any time within twelve hours, and now where that is over; two hours at a time', async () => {
    const ticketId = await ticket();
    const now = await databaseClock();
    const in12Hours = new Date(now.getTime() + 12 * 3_600_000 - 5_000);
    const far = (await ahead(ticketId, `?from=${in12Hours.toISOString()}&steps=240`)).body;
    expect(far.codes).toHaveLength(240);
    expect(Date.parse(far.codes[0].showFrom)).toBe(stepAt(in12Hours) * 30_000);
    const past = (await ahead(ticketId, `?from=2020-01-01T00:00:00Z&steps=1`)).body;
    expect(Date.parse(past.codes[0].showFrom)).toBe(stepAt(new Date(past.now)) * 30_000);
    const tooFar = new Date(now.getTime() + 12 * 3_600_000 + 60_000).toISOString();
    for (const wrong of [`from=${tooFar}`, 'from=tomorrow', 'steps=0', 'steps=241', 'steps=-1', 'steps=1e2', 'n=1'])
      expect([wrong, (await ahead(ticketId, `?${wrong}`)).status]).toEqual([wrong, 422]);
  });

  it('are for the holder alone', async () => {
    const ticketId = await ticket();
    for (const as of [owner, scanner]) expect((await ahead(ticketId, '', as)).status).toBe(404);
    const key = { keyId: uuid(), tenantId: event.tenantId, name: 'Shop', scopes: ['tickets:read' as const] };
    expect((await api.call('GET', `/tickets/${ticketId}/codes`, { as: key })).status).toBe(403);
  });

  it('keep nobody else waiting while they are made', async () => {
    const ticketId = await ticket();
    const { TicketCodes } = await import('./ticket-codes.js');
    const codes = api.app.get(TicketCodes, { strict: false });
    const codable = { ticketId, eventId: event.eventId, holderVersion: 1, generation: 1 };
    await codes.signSteps(codable, 0, 1);
    let turns = 0;
    let isDone = false;
    const others = (): void => {
      turns += 1;
      if (!isDone) setImmediate(others);
    };
    setImmediate(others);
    await codes.signSteps(codable, 0, 240);
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});

describe('the keys of an event', () => {
  it('are its own, and shown to all of its staff and to keys that check in', async () => {
    const [mine, other] = [await keysOf(), await keysOf(await addEvent(api.db, event.tenantId))];
    expect(mine).toEqual([
      {
        id: expect.any(Number),
        algorithm: 'Ed25519',
        publicKey: expect.stringMatching(/^[\w-]{43}$/),
        status: 'signing',
      },
    ]);
    expect(other[0].publicKey).not.toBe(mine[0].publicKey);
    expect(other[0].id).toBe(mine[0].id);
    const path = `/events/${event.eventId}/ticket-keys`;
    const key = { keyId: uuid(), tenantId: event.tenantId, name: 'Gate', scopes: ['checkin' as const] };
    for (const as of [owner, scanner, key]) expect((await api.call('GET', path, { as })).status).toBe(200);
    expect((await get(path, holder)).status).toBe(403);
    for (const as of [scanner, holder, key]) expect((await api.call('POST', path, { as, body: {} })).status).toBe(403);
  });

  it('are renewed while old codes go on admitting', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const ticketId = await ticket(of);
    const old = (await qrOf(ticketId, 'static')).code;
    const { status, body } = await renew(of);
    expect([status, body.keys.map((key: { status: string }) => key.status)]).toEqual([201, ['signing', 'verifying']]);
    expect(body.keys[0].id).toBe(body.keys[1].id + 1);
    expect(await keysOf(of)).toEqual(body.keys);
    const young = (await qrOf(ticketId, 'static')).code;
    expect((await readIndependently(young, [body.keys[0]]))!.keyId).toBe(body.keys[0].id);
    for (const code of [old, young]) expect(await validate(ticketId, code)).toMatchObject({ valid: true });
  });

  it('that were revoked are those of codes that admit nobody; a page and a paper made since do', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const ticketId = await ticket(of);
    const old = [(await qrOf(ticketId, 'static')).code, (await qrOf(ticketId)).code];
    await renew(of);
    const { body } = await renew(of, { revokeEarlier: true });
    expect(body.keys.map((key: { status: string }) => key.status)).toEqual(['signing', 'revoked', 'revoked']);
    for (const code of old) {
      expect(await validate(ticketId, code)).toEqual({ valid: false, reason: 'invalid-code' });
      const answer = await api.call('POST', '/tickets/checkin', { as: scanner, body: { code } });
      expect([answer.status, answer.body.code]).toEqual([409, 'invalid-code']);
    }
    expect(await validate(ticketId, (await qrOf(ticketId)).code)).toMatchObject({ valid: true });
    const elsewhere = await ticket();
    expect(await validate(elsewhere, (await qrOf(elsewhere)).code)).toMatchObject({ valid: true });
  });

  it('are renewed once for one Idempotency-Key, and 254 times in all', async () => {
    const of = await addEvent(api.db, event.tenantId);
    const headers = { 'idempotency-key': uuid() };
    const [one, again] = [await renew(of, {}, owner, headers), await renew(of, {}, owner, headers)];
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, one.body, 'true']);
    await api.db.asOwner('update events set code_generation = 254 where id = $1', [of.eventId]);
    expect((await renew(of, { revokeEarlier: true })).body.keys).toHaveLength(255);
    const { status, body } = await renew(of, { revokeEarlier: true });
    expect([status, body.code]).toEqual([409, 'too-many-ticket-keys']);
    const ticketId = await ticket(of);
    expect(await validate(ticketId, (await qrOf(ticketId)).code)).toMatchObject({ valid: true });
    for (const wrong of [{ revokeEarlier: 'yes' }, { revoke: true }]) expect((await renew(of, wrong)).status).toBe(422);
  });
});
