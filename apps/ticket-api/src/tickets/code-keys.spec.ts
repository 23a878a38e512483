import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signCode } from '@app/ticket-codes';
import { v7 as uuid } from 'uuid';
import type { Config } from '../config.js';
import { bytesOf, deriveCodeKey, readMasterKeys } from './code-keys.js';
import { Recent } from './recent.js';
import { TicketCodes, type Codable } from './ticket-codes.js';

const newMaster = () =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const codesOf = (...ticketSigningKeys: string[]) => new TicketCodes({ ticketSigningKeys } as unknown as Config);
const foreignKey = () => generateKeyPairSync('ed25519').privateKey;
const ticket = (given: Partial<Codable> = {}): Codable => ({
  ...{ ticketId: uuid(), eventId: uuid(), holderVersion: 1, generation: 1 },
  ...given,
});

describe('the keys of events', () => {
  it('differ by master, event and generation, and are the same each time', () => {
    const masters = readMasterKeys([newMaster(), newMaster()]);
    const events = [uuid(), uuid()];
    const all = masters.flatMap((master) =>
      events.flatMap((event) => [1, 2, 255].map((generation) => deriveCodeKey(master, event, generation))),
    );
    expect(new Set(all.map(({ publicKey }) => bytesOf(publicKey, 'x').toString('hex'))).size).toBe(12);
    expect(all.map(({ id }) => id & 0xff)).toEqual([1, 2, 255, 1, 2, 255, 1, 2, 255, 1, 2, 255]);
    const again = deriveCodeKey(masters[0]!, events[0]!, 1);
    expect(again.publicKey.equals(all[0]!.publicKey)).toBe(true);
    expect(bytesOf(again.publicKey, 'x').equals(masters[0]!.seed)).toBe(false);
  });

  it('have an id of the first byte of the SHA-256 of their master, and their generation', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [master] = readMasterKeys([privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')]);
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const first = createHash('sha256').update(raw).digest()[0]!;
    const ids = [1, 2, 255].map((generation) => deriveCodeKey(master!, uuid(), generation).id);
    expect(ids).toEqual([1, 2, 255].map((generation) => first * 256 + generation));
  });

  it.each([
    ['of another kind', () => [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey]],
    ['of another kind beside a good one', () => [newMaster(), generateKeyPairSync('x25519').privateKey]],
    ['that is none', () => ['bm8ga2V5']],
  ])('are not derived from a key %s', (_, made) => {
    const list = made().map((key) =>
      typeof key === 'string' ? key : key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    );
    expect(() => readMasterKeys(list)).toThrow('TICKET_SIGNING_KEY is not an Ed25519 private key');
  });

  it('are derived from a master once: a list that names it twice is a mistake', () => {
    const master = newMaster();
    expect(() => readMasterKeys([master, newMaster(), master])).toThrow('TICKET_SIGNING_KEY has the same key twice.');
  });
});

describe('codes', () => {
  it('survive a change of the master as long as the old one stands behind the new one', () => {
    const [old, young] = [newMaster(), newMaster()];
    const printed = codesOf(old).signStatic(ticket());
    expect(codesOf(young, old).read(printed)).toBeDefined();
    expect(codesOf(young).read(printed)).toBeUndefined();
    const since = codesOf(young, old).signStatic(ticket());
    expect(codesOf(young).read(since)).toBeDefined();
    expect(codesOf(old).read(since)).toBeUndefined();
  });

  it('of two masters whose ids begin alike are told apart by their signatures', () => {
    const byId = new Map<number, string>();
    for (;;) {
      const der = newMaster();
      const { id } = readMasterKeys([der])[0]!;
      const twin = byId.get(id);
      byId.set(id, der);
      if (!twin) continue;
      const given = ticket();
      for (const code of [codesOf(twin).signStatic(given), codesOf(der).signStatic(given)])
        for (const order of [codesOf(twin, der), codesOf(der, twin)])
          expect(order.read(code)).toMatchObject({ ticketId: given.ticketId });
      return;
    }
  });

  it('of an event are not those of another, nor of another generation', () => {
    const [codes, given] = [codesOf(newMaster()), ticket()];
    expect(codes.read(codes.signStatic(given))).toEqual({ ...given, step: null });
    expect(codes.signStatic({ ...given, generation: 2 }).slice(-90)).not.toBe(codes.signStatic(given).slice(-90));
  });

  it('that are forged push out no key that is kept', () => {
    const codes = codesOf(newMaster());
    const given = ticket();
    const [real, foreign] = [codes.signStatic(given), codesOf(newMaster())];
    const kept = codes['keys'];
    const before = kept.get(`0 ${given.eventId} 1`);
    expect(before).toBeDefined();
    const { id } = before!;
    const forged = signCode({ ...ticket(), step: null }, { id, privateKey: foreignKey() });
    expect(codes.read(forged)).toBeUndefined();
    expect(codes.read(foreign.signStatic(ticket()))).toBeUndefined();
    expect(kept.size).toBe(1);
    expect(codes.read(real)).toBeDefined();
  });

  it('are made and read with keys of which a bounded number is kept', () => {
    const recent = new Recent<number>(3);
    for (const n of [1, 2, 3]) recent.keep(`${n}`, n);
    recent.get('1');
    recent.keep('4', 4);
    expect(['1', '2', '3', '4'].map((name) => recent.get(name))).toEqual([1, undefined, 3, 4]);
    recent.keep('4', 5);
    expect(['1', '3', '4'].map((name) => recent.get(name))).toEqual([1, 3, 5]);
  });
});
