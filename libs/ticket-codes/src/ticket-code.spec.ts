import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import base45 from 'base45';
import fc from 'fast-check';
import { create } from 'qrcode';
import { keyIdOf, readCode, signCode, type CodeFacts } from './ticket-code.js';

const newKey = (id = keyIdOf(0xab, 7)) => ({ id, ...generateKeyPairSync('ed25519') });
const key = newKey();
type Key = typeof key;

const read = (code: string, keys: readonly Pick<Key, 'id' | 'publicKey'>[] = [key]) =>
  readCode(code, (id) => keys.filter((each) => each.id === id).map(({ publicKey }) => publicKey));

const idBytes = fc.uuid();
const facts = fc.record({
  ticketId: idBytes,
  eventId: idBytes,
  holderVersion: fc.integer({ min: 1, max: 65_535 }),
  step: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { nil: null }),
});
const printed: CodeFacts = {
  ticketId: '0190a6e0-0000-7000-8000-00000000000a',
  eventId: '0190a6e0-0000-7000-8000-00000000000b',
  holderVersion: 1,
  step: null,
};
const examples: [string, CodeFacts][] = [
  ['static', printed],
  ['rotating', { ...printed, step: 63_999_999 }],
];
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const SIGNATURE = 64;

/** Bytes of the layout, changed and signed again by our own key: only what is not the signature's work can refuse them. */
const resigned = (change: (bytes: Buffer) => Buffer | void, example: CodeFacts) => {
  const bytes = base45.decode(signCode(example, key)).subarray(0, -SIGNATURE);
  const changed = change(bytes) ?? bytes;
  return base45.encode(Buffer.concat([changed, sign(null, changed, key.privateKey)]));
};

describe.each(examples)('a %s ticket code', (_, example) => {
  const code = signCode(example, key);
  const bytes = base45.decode(code);

  it('is invalid with any byte changed', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flipped) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ flipped, at);
        expect(read(base45.encode(changed))).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('is invalid with any single bit of any byte changed', () => {
    const accepted = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return read(base45.encode(changed));
    }).filter(Boolean);
    expect(accepted).toEqual([]);
  });

  it('is invalid with any character changed', () => {
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom(...ALPHABET, 'a', 'é', '\u0100', '😀'), (at, character) => {
        fc.pre(code[at] !== character);
        expect(read(code.slice(0, at) + character + code.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('is invalid when longer, shorter, in lower case or padded', () => {
    const others = ['', code.slice(0, -1), code.slice(0, -6), `${code}0`, `${code}00`, `${code}000000`, ` ${code}`];
    for (const other of [...others, code.toLowerCase(), code.repeat(2)]) expect(read(other)).toBeUndefined();
  });

  it('has one spelling: the same bytes in other characters are none', () => {
    // A triple counts to 91,124, and the two bytes that it stands for to 65,535.
    const spellings = Array.from({ length: code.length / 3 }, (_, index) => index * 3).flatMap((at) => {
      const [c = 0, d = 0, e = 0] = [...code.slice(at, at + 3)].map((character) => ALPHABET.indexOf(character));
      const value = c + 45 * d + 2025 * e + 65_536;
      if (value > 91_124) return [];
      const other = [value % 45, Math.floor(value / 45) % 45, Math.floor(value / 2025)].map((digit) => ALPHABET[digit]);
      return [code.slice(0, at) + other.join('') + code.slice(at + 3)];
    });
    expect(spellings.length).toBeGreaterThan(5);
    for (const spelling of spellings) expect(read(spelling)).toBeUndefined();
  });

  it('has one signature: the same with the order of the group added is none (RFC 8032, 5.1.7)', () => {
    const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const s = BigInt(`0x${Buffer.from(bytes.subarray(-32)).reverse().toString('hex')}`);
    for (let n = 1n; s + n * ORDER < 2n ** 256n; n += 1n) {
      const other = Buffer.from((s + n * ORDER).toString(16).padStart(64, '0'), 'hex').reverse();
      expect(read(base45.encode(Buffer.concat([bytes.subarray(0, -32), other])))).toBeUndefined();
    }
  });

  it.each([
    ['an earlier version', 0, 1],
    ['a later version', 0, 3],
    ['an unknown kind', 1, 2],
    ['the other kind', 1, example.step === null ? 1 : 0],
  ])('of %s is not read as if it were of this one, though we signed it', (_, at, value) => {
    expect(read(resigned((signed) => void signed.writeUInt8(value, at), example))).toBeUndefined();
  });

  it('with bytes that its kind does not have is none, though we signed it', () => {
    const cuts = [4, -4, 1].map((by) =>
      resigned((signed) => (by > 0 ? Buffer.concat([signed, Buffer.alloc(by)]) : signed.subarray(0, by)), example),
    );
    for (const other of cuts) expect(read(other)).toBeUndefined();
  });

  it('is invalid under another key, also one with the same id', () => {
    const other = newKey(key.id);
    expect(read(code, [newKey(key.id + 1)])).toBeUndefined();
    expect(read(code, [other])).toBeUndefined();
    expect(read(code, [other, key])).toEqual({ ...example, generation: 7 });
  });

  it('has no signature of points of small order, which fits many texts where a reader is lax', () => {
    for (const y of ['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`]) {
      const made = Buffer.concat([bytes.subarray(0, -SIGNATURE), Buffer.from(y, 'hex'), Buffer.alloc(32)]);
      expect(read(base45.encode(made))).toBeUndefined();
    }
  });
});

describe('a ticket code', () => {
  it('says what was signed, and of which generation the key is', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 255 }), (given, master, nth) => {
        const own: Key = { ...key, id: keyIdOf(master, nth) };
        expect(read(signCode(given, own), [own])).toEqual({ ...given, generation: nth });
      }),
    );
  });

  it('is verified with a key of its own event only', () => {
    const asked: string[] = [];
    const found = readCode(signCode(printed, key), (_, eventId): KeyObject[] => {
      asked.push(eventId);
      return [];
    });
    expect([found, asked]).toEqual([undefined, [printed.eventId]]);
  });

  it('is never made of arbitrary text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => expect(read(text)).toBeUndefined()));
    const lengths = fc
      .constantFrom(153, 159)
      .chain((length) => fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: length, maxLength: length }));
    fc.assert(fc.property(lengths, (text) => expect(read(text)).toBeUndefined()));
  });

  it('fits a QR code of version 8 at most that survives damage, in digits and capitals', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const code = signCode(given, key);
        expect(code).toMatch(given.step === null ? /^[0-9A-Z $%*+\-./:]{153}$/ : /^[0-9A-Z $%*+\-./:]{159}$/);
        const segments = [{ data: code, mode: 'alphanumeric' as const }];
        expect(create(segments, { errorCorrectionLevel: 'M' }).version).toBe(given.step === null ? 6 : 7);
      }),
      { numRuns: 20 },
    );
  });
});
