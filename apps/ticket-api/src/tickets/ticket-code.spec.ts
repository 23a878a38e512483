import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import base45 from 'base45';
import fc from 'fast-check';
import { create } from 'qrcode';
import { readCode, readCodeKey, signCode } from './ticket-code.js';

const newKey = () =>
  readCodeKey(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'));
const key = newKey();

const facts = fc.record({
  ticketId: fc.uuid(),
  eventId: fc.uuid(),
  holderVersion: fc.integer({ min: 1, max: 65_535 }),
});
const example = {
  ticketId: '0190a6e0-0000-7000-8000-00000000000a',
  eventId: '0190a6e0-0000-7000-8000-00000000000b',
  holderVersion: 1,
};
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

describe('a ticket code', () => {
  it('says what was signed', () => {
    fc.assert(fc.property(facts, (given) => expect(readCode(signCode(given, key), [key])).toEqual(given)));
  });

  it('is invalid with any byte changed', () => {
    const bytes = base45.decode(signCode(example, key));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flipped) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ flipped, at);
        expect(readCode(base45.encode(changed), [key])).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('is invalid with any single bit of any byte changed', () => {
    const bytes = base45.decode(signCode(example, key));
    const accepted = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return readCode(base45.encode(changed), [key]);
    }).filter(Boolean);
    expect(accepted).toEqual([]);
  });

  it('is invalid with any character changed', () => {
    const code = signCode(example, key);
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom(...ALPHABET, 'a', 'é', '\u0100', '😀'), (at, character) => {
        fc.pre(code[at] !== character);
        expect(readCode(code.slice(0, at) + character + code.slice(at + 1), [key])).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('is invalid when longer, shorter, in lower case or padded', () => {
    const code = signCode(example, key);
    for (const other of [
      '',
      code.slice(0, -1),
      `${code}0`,
      `${code}00`,
      ` ${code}`,
      code.toLowerCase(),
      code.repeat(2),
    ])
      expect(readCode(other, [key])).toBeUndefined();
  });

  it('has one spelling: the same bytes in other characters are none', () => {
    const code = signCode(example, key);
    // A triple counts to 91,124, and the two bytes that it stands for to 65,535.
    const spellings = Array.from({ length: code.length / 3 }, (_, index) => index * 3).flatMap((at) => {
      const [c = 0, d = 0, e = 0] = [...code.slice(at, at + 3)].map((character) => ALPHABET.indexOf(character));
      const value = c + 45 * d + 2025 * e + 65_536;
      if (value > 91_124) return [];
      const other = [value % 45, Math.floor(value / 45) % 45, Math.floor(value / 2025)].map((digit) => ALPHABET[digit]);
      return [code.slice(0, at) + other.join('') + code.slice(at + 3)];
    });
    expect(spellings.length).toBeGreaterThan(5);
    for (const spelling of spellings) expect(readCode(spelling, [key])).toBeUndefined();
  });

  it.each([
    ['a later version', 0, 2],
    ['another kind', 1, 1],
  ])('of %s is not read as if it were of this one, though we signed it', (_, at, value) => {
    const bytes = base45.decode(signCode(example, key));
    bytes.writeUInt8(value, at);
    sign(null, bytes.subarray(0, 38), key.privateKey).copy(bytes, 38);
    expect(readCode(base45.encode(bytes), [key])).toBeUndefined();
  });

  it('is never made of arbitrary text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => expect(readCode(text, [key])).toBeUndefined()));
  });

  it('is invalid under another key, also one with the same id', () => {
    const other = newKey();
    const code = signCode(example, key);
    expect(readCode(code, [other])).toBeUndefined();
    expect(readCode(code, [{ id: key.id, publicKey: other.publicKey }])).toBeUndefined();
    expect(readCode(code, [{ id: key.id, publicKey: other.publicKey }, other, key])).toEqual(example);
  });

  it('fits a QR code of version 6 that survives damage, in digits and capitals', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const code = signCode(given, key);
        expect(code).toMatch(/^[0-9A-Z $%*+\-./:]{153}$/);
        const segments = [{ data: code, mode: 'alphanumeric' as const }];
        expect(create(segments, { errorCorrectionLevel: 'M' }).version).toBe(6);
      }),
      { numRuns: 20 },
    );
  });

  it('takes an Ed25519 key and no other', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = rsa.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    expect(() => readCodeKey(der)).toThrow('TICKET_SIGNING_KEY is not an Ed25519 private key');
    expect(() => readCodeKey('bm8ga2V5')).toThrow('TICKET_SIGNING_KEY is not an Ed25519 private key');
  });
});
