import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryStore } from './scanner-store.js';
import { GateWorld } from './testing/gate-world.js';

let world: GateWorld;
beforeEach(() => {
  world = new GateWorld();
});
const HOUR = 3_600_000;
const paths = () => world.asked.map(({ method, path }) => `${method} ${path.split('?', 1)[0]!.split('/').at(-1)}`);

describe('a gate with network', () => {
  it('asks the platform, and shows what it says', async () => {
    const scanner = await world.open();
    await scanner.sync();
    const ticketId = world.sell();
    const first = await scanner.scan(world.code(ticketId));
    expect(first).toMatchObject({ admitted: true, ticketId, judgedBy: 'platform' });
    const { checkedInAt } = world.tickets.get(ticketId)!;
    expect(await scanner.scan(world.code(ticketId))).toMatchObject({
      ...{ admitted: false, reason: 'already-checked-in', judgedBy: 'platform', first: { checkedInAt, gate: 'North' } },
    });
    expect(world.asked.at(-1)!.body).toMatchObject({
      eventId: world.eventId,
      gate: 'North',
      scanId: expect.any(String),
    });
  });

  it('shows a refusal of its own credential, and lets nobody in by itself: its device was revoked', async () => {
    const scanner = await world.open();
    const code = world.code(world.sell());
    await scanner.sync();
    world.refuse = () => ({ status: 401, code: 'unauthenticated' });
    expect(await scanner.scan(code)).toMatchObject({
      admitted: false,
      reason: 'unauthenticated',
      judgedBy: 'platform',
    });
    await expect(scanner.sync()).rejects.toMatchObject({ name: 'Refused', status: 401 });
  });

  it.each([
    [
      'a page of the hall’s network',
      () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['JSON of somebody else', () => Response.json({ welcome: true })],
    ['a proxy’s error', () => new Response('Bad gateway', { status: 502 })],
    ['an overloaded platform', () => Response.json({ code: 'service-unavailable' }, { status: 503 })],
    [
      'no answer in time',
      (signal: AbortSignal) => new Promise<Response>((_, fail) => signal.addEventListener('abort', fail)),
    ],
  ])('takes %s for no answer, and judges by itself', async (_, answer) => {
    const store = new MemoryStore();
    await (await world.open({ store })).sync();
    const code = world.code(world.sell());
    await (await world.open({ store })).sync();
    const fetch = (async (__: string, { signal }: RequestInit) =>
      answer(signal!)) as unknown as typeof globalThis.fetch;
    const cut = await world.open({ store }, { fetch, scanTimeout: 20 });
    expect(await cut.scan(code)).toMatchObject({ admitted: true, judgedBy: 'gate' });
  });

  it('does not let every ticket wait for a network that is not there', async () => {
    const scanner = await world.open({ retryAfter: HOUR });
    const [one, two] = [world.code(world.sell()), world.code(world.sell())];
    await scanner.sync();
    world.network = 'lost';
    await scanner.scan(one);
    const asked = world.asked.length;
    await scanner.scan(two);
    expect(world.asked).toHaveLength(asked);
    world.network = 'up';
    await scanner.sync();
    expect(await scanner.scan(world.code(world.sell()))).toMatchObject({ judgedBy: 'platform' });
  });
});

describe('a gate without network', () => {
  it('judges by what it knows, and tells all of it later, once', async () => {
    const scanner = await world.open();
    const [ticketId, another] = [world.sell(), world.sell()];
    await scanner.sync();
    world.network = 'down';
    const scan = await scanner.scan(world.code(ticketId));
    expect(scan).toMatchObject({ admitted: true, judgedBy: 'gate', ticketId, ticketTypeId: world.typeId });
    expect(await scanner.scan(world.code(ticketId))).toMatchObject({
      admitted: false,
      reason: 'already-checked-in',
      first: { gate: 'North' },
    });
    expect(await scanner.scan(world.code(another, { holderVersion: 2 }))).toMatchObject({ reason: 'unknown-ticket' });
    expect(await scanner.scan('100000001')).toMatchObject({ reason: 'invalid-code' });
    await expect(scanner.sync()).rejects.toMatchObject({ name: 'Unreachable' });
    expect(scanner.untold).toBe(1);
    world.network = 'up';
    expect(await scanner.sync()).toEqual({ uploaded: 1, conflicts: [], tickets: 2 });
    expect([...world.admitted.keys()]).toEqual([scan.scanId]);
    expect(await scanner.sync()).toMatchObject({ uploaded: 0 });
    expect(scanner.untold).toBe(0);
  });

  it('lets nobody in before its first manifest has come whole', async () => {
    const code = world.code(world.sell());
    const scanner = await world.open();
    world.network = 'down';
    expect(scanner.isReady).toBe(false);
    expect(await scanner.scan(code)).toMatchObject({ admitted: false, reason: 'no-manifest' });
  });

  it('hears what two gates did to one ticket', async () => {
    const [north, south] = [await world.open(), await world.open({ gate: 'South' }, { deviceId: 'B' })];
    const code = world.code(world.sell());
    await Promise.all([north.sync(), south.sync()]);
    world.network = 'down';
    expect([(await north.scan(code)).admitted, (await south.scan(code)).admitted]).toEqual([true, true]);
    world.network = 'up';
    expect(await north.sync()).toMatchObject({ conflicts: [] });
    expect(await south.sync()).toMatchObject({ conflicts: [{ result: 'conflict', reason: 'already-checked-in' }] });
  });

  it('lets a ticket in once, by however many cameras at once', async () => {
    const store = new MemoryStore();
    const keep = store.keepMovements.bind(store);
    store.keepMovements = async (...given) => {
      await new Promise((wake) => setTimeout(wake, 30));
      return keep(...given);
    };
    const scanner = await world.open({ store });
    const code = world.code(world.sell());
    await scanner.sync();
    world.network = 'down';
    const results = await Promise.all(Array.from({ length: 5 }, () => scanner.scan(code)));
    expect(results.map(({ admitted }) => admitted)).toEqual([true, false, false, false, false]);
  });

  it('does not let a copy in by asking a platform that has not heard of the ticket', async () => {
    const scanner = await world.open();
    const code = world.code(world.sell());
    await scanner.sync();
    world.network = 'down';
    await scanner.scan(code);
    world.network = 'up';
    expect(await scanner.scan(code)).toMatchObject({ admitted: false, reason: 'already-checked-in', judgedBy: 'gate' });
    expect(world.admitted.size).toBe(0);
  });

  it('hard case 22: tells an admission whose answer was lost under the same scanId', async () => {
    const scanner = await world.open();
    const ticketId = world.sell();
    await scanner.sync();
    world.network = 'lost';
    const scan = await scanner.scan(world.code(ticketId));
    expect(scan).toMatchObject({ admitted: true, judgedBy: 'gate' });
    expect([...world.admitted.keys()]).toEqual([scan.scanId]);
    world.network = 'up';
    expect(await scanner.sync()).toMatchObject({ uploaded: 1, conflicts: [] });
    expect(world.admitted.size).toBe(1);
  });

  it('asks again under the same scanId about a ticket that it sent away when the answer was lost', async () => {
    const scanner = await world.open();
    await scanner.sync();
    // Sold since: the gate does not know it, the platform lets it in.
    const ticketId = world.sell();
    world.network = 'lost';
    expect(await scanner.scan(world.code(ticketId))).toMatchObject({ admitted: false, reason: 'unknown-ticket' });
    world.network = 'up';
    expect(await scanner.scan(world.code(ticketId))).toMatchObject({ admitted: true, judgedBy: 'platform' });
    expect(world.admitted.size).toBe(1);
  });

  it('takes another scanId when that admission was taken back meanwhile', async () => {
    const scanner = await world.open();
    await scanner.sync();
    const ticketId = world.sell();
    world.network = 'lost';
    const { scanId } = await scanner.scan(world.code(ticketId));
    world.network = 'up';
    world.change(ticketId, { status: 'valid', checkedInAt: undefined });
    world.refuse = ({ body }) => (body?.scanId === scanId ? { status: 409, code: 'admission-undone' } : undefined);
    const again = await scanner.scan(world.code(ticketId));
    expect(again).toMatchObject({ admitted: true, judgedBy: 'platform' });
    expect(again.scanId).not.toBe(scanId);
  });

  it('is cut in the middle of a manifest and goes on from the last whole one', async () => {
    const scanner = await world.open();
    const known = world.sell();
    await scanner.sync();
    world.pageSize = 2;
    const fresh = Array.from({ length: 5 }, () => world.sell());
    world.change(known, { holderVersion: 2 });
    let pages = 0;
    world.refuse = ({ path }) =>
      path.includes('manifest') && ++pages > 1 ? { status: 500, code: 'internal' } : undefined;
    await expect(scanner.sync()).rejects.toMatchObject({ name: 'Unreachable' });
    world.refuse = undefined;
    expect(await scanner.sync()).toMatchObject({ tickets: 6 });
    world.network = 'down';
    for (const id of fresh) expect((await scanner.scan(world.code(id))).admitted).toBe(true);
    expect((await scanner.scan(world.code(known))).admitted).toBe(false);
    expect((await scanner.scan(world.code(known, { holderVersion: 2 }))).admitted).toBe(true);
  });

  it('begins anew when the platform does: with another history, or a token that it does not know', async () => {
    const scanner = await world.open();
    const [gone, stays] = [world.sell(), world.sell()];
    await scanner.sync();
    world.tickets.delete(gone);
    world.rules = { fromStart: true };
    expect(await scanner.sync()).toMatchObject({ tickets: 0 });
    world.rules = {};
    world.refuse = ({ path }) => (path.includes('since=') ? { status: 422, code: 'validation-failed' } : undefined);
    expect(await scanner.sync()).toMatchObject({ tickets: 1 });
    world.network = 'down';
    expect((await scanner.scan(world.code(gone))).reason).toBe('unknown-ticket');
    expect((await scanner.scan(world.code(stays))).admitted).toBe(true);
  });

  it('lets out and in again where the event allows it', async () => {
    world.rules = { reentryAllowed: true };
    const scanner = await world.open();
    const code = world.code(world.sell());
    await scanner.sync();
    world.network = 'down';
    expect(await scanner.scan(code, 'out')).toMatchObject({ admitted: false, reason: 'not-inside' });
    expect(await scanner.scan(code)).toMatchObject({ admitted: true, reentry: false });
    expect(await scanner.scan(code, 'out')).toMatchObject({ admitted: true });
    expect(await scanner.scan(code)).toMatchObject({ admitted: true, reentry: true });
    world.network = 'up';
    await scanner.sync();
    expect(
      world.asked.find(({ path }) => path.endsWith('/checkins'))!.body.scans.map((one: any) => one.direction),
    ).toEqual(['in', 'out', 'in']);
  });
});

describe('a handheld whose battery dies', () => {
  it('knows after it whom it let in, and tells it', async () => {
    const store = new MemoryStore();
    const before = await world.open({ store });
    const code = world.code(world.sell());
    await before.sync();
    world.network = 'down';
    await before.scan(code);
    const after = await world.open({ store });
    expect(await after.scan(code)).toMatchObject({ admitted: false, reason: 'already-checked-in' });
    world.network = 'up';
    expect(await after.sync()).toMatchObject({ uploaded: 1 });
  });

  it('lets nobody in whom it could not keep', async () => {
    const store = new MemoryStore();
    const scanner = await world.open({ store });
    const code = world.code(world.sell());
    await scanner.sync();
    world.network = 'down';
    store.keepMovements = () => Promise.reject(new Error('disk full'));
    await expect(scanner.scan(code)).rejects.toThrow('disk full');
    expect(scanner.untold).toBe(0);
  });

  it('between the platform’s answer and its own note tells it once more, and refuses the ticket all the while', async () => {
    const store = new MemoryStore();
    const before = await world.open({ store });
    const code = world.code(world.sell());
    await before.sync();
    world.network = 'down';
    const { scanId } = await before.scan(code);
    world.network = 'up';
    const keep = store.keepMovements.bind(store);
    store.keepMovements = () => Promise.reject(new Error('power lost'));
    await expect(before.sync()).rejects.toThrow('power lost');
    store.keepMovements = keep;
    const after = await world.open({ store });
    world.network = 'down';
    expect((await after.scan(code)).admitted).toBe(false);
    world.network = 'up';
    expect(await after.sync()).toMatchObject({ uploaded: 1, conflicts: [] });
    expect([...world.admitted.keys()]).toEqual([scanId]);
  });

  it('after it has told, and before a manifest says so, still refuses the ticket', async () => {
    const store = new MemoryStore();
    const before = await world.open({ store });
    const [offline, online] = [world.code(world.sell()), world.code(world.sell())];
    await before.sync();
    expect((await before.scan(online)).judgedBy).toBe('platform');
    world.network = 'down';
    await before.scan(offline);
    world.network = 'up';
    await before.sync();
    world.network = 'down';
    const after = await world.open({ store });
    for (const code of [offline, online])
      expect(await after.scan(code)).toMatchObject({ admitted: false, reason: 'already-checked-in' });
  });

  it('keeps nothing for ever: what a manifest tells is forgotten', async () => {
    const store = new MemoryStore();
    const scanner = await world.open({ store });
    const code = world.code(world.sell());
    await scanner.sync();
    await scanner.scan(code);
    expect((await store.load(world.eventId)).movements).toHaveLength(1);
    await scanner.sync();
    const { movements, manifest } = await store.load(world.eventId);
    expect(movements).toEqual([]);
    expect([...manifest!.tickets]).toHaveLength(1);
    // And an admission that was taken back is no longer known.
    world.change([...world.tickets.keys()][0]!, { status: 'valid', checkedInAt: undefined });
    await scanner.sync();
    world.network = 'down';
    expect((await scanner.scan(code)).admitted).toBe(true);
  });
});

describe('a handheld whose clock is wrong (hard case 21)', () => {
  const step = (at: number) => Math.floor(at / 30_000);

  it.each([5 * HOUR, -5 * HOUR])(
    'by %d ms judges codes on screens by the platform’s clock, and tells times by it',
    async (off) => {
      const scanner = await world.open({ clock: () => Date.now() + off });
      const [now, old] = [world.sell(), world.sell()];
      await scanner.sync();
      world.network = 'down';
      expect(await scanner.scan(world.code(old, { step: step(Date.now()) - 3 }))).toMatchObject({
        reason: 'code-expired',
      });
      expect(await scanner.scan(world.code(now, { step: step(Date.now()) }))).toMatchObject({ admitted: true });
      world.network = 'up';
      await scanner.sync();
      const { scans, sentAt } = world.asked.find(({ path }) => path.endsWith('/checkins'))!.body;
      for (const at of [scans[0].scannedAt, sentAt]) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(5_000);
    },
  );

  it('and was set right by its network before it could tell, tells the right time all the same', async () => {
    let off = 5 * HOUR;
    const scanner = await world.open({ clock: () => Date.now() + off });
    const code = world.code(world.sell());
    await scanner.sync();
    world.network = 'down';
    await scanner.scan(code);
    off = 0;
    world.network = 'up';
    await scanner.sync();
    const { scans, sentAt } = world.asked.find(({ path }) => path.endsWith('/checkins'))!.body;
    for (const at of [scans[0].scannedAt, sentAt]) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(5_000);
    expect(paths().slice(-2)).toEqual(['GET checkin-manifest', 'POST checkins']);
  });

  it('keeps what it knows best of the platform’s clock, however slow the network is later', async () => {
    const scanner = await world.open();
    const ticketId = world.sell();
    await scanner.sync();
    const quick = world.manifestTime;
    world.manifestTime = () => new Promise((wake) => setTimeout(wake, 400));
    await scanner.sync();
    world.network = 'down';
    const scanned = Date.now();
    await scanner.scan(world.code(ticketId));
    world.network = 'up';
    world.manifestTime = quick;
    await scanner.sync();
    const { scans } = world.asked.find(({ path }) => path.endsWith('/checkins'))!.body;
    expect(Math.abs(Date.parse(scans[0].scannedAt) - scanned)).toBeLessThan(100);
  });

  it('knows after a restart without network what its clock was off', async () => {
    const store = new MemoryStore();
    const clock = () => Date.now() - 5 * HOUR;
    const code = world.sell();
    await (await world.open({ store, clock })).sync();
    world.network = 'down';
    const scanner = await world.open({ store, clock });
    expect(await scanner.scan(world.code(code, { step: step(Date.now()) }))).toMatchObject({ admitted: true });
  });
});
