import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readCode, signCode } from '@app/ticket-codes';
import base45 from 'base45';
import { readIndependently } from '../testing/independent-reader.js';
import { bytesOf, deriveCodeKey, readMasterKeys } from './code-keys.js';

interface Vectors {
  masterSeed: string;
  eventId: string;
  ticketId: string;
  holderVersion: number;
  keys: { generation: number; id: number; seed: string; publicKey: string }[];
  codes: { generation: number; step?: number; bytes: string; code: string }[];
  invalid: { why: string; code: string }[];
}

const page = readFileSync('docs/ticket-codes.md', 'utf8');
const vectors = JSON.parse(/```json\n([\s\S]+?)\n```/.exec(page)![1]!) as Vectors;
const { eventId, ticketId, holderVersion } = vectors;
const pkcs8 = Buffer.from(`302e020100300506032b657004220420${vectors.masterSeed}`, 'hex').toString('base64');
const [master] = readMasterKeys([pkcs8]);
const keyOf = (generation: number) => deriveCodeKey(master!, eventId, generation);
const read = (code: string) =>
  readCode(code, (id, event) =>
    (event === eventId ? vectors.keys.filter((key) => key.id === id) : []).map(
      ({ generation }) => keyOf(generation).publicKey,
    ),
  );

describe('the documented vectors of ticket codes', () => {
  it.each(vectors.keys)('derive the key of generation $generation', ({ generation, id, seed, publicKey }) => {
    const key = keyOf(generation);
    expect([key.id, bytesOf(key.privateKey, 'd').toString('hex')]).toEqual([id, seed]);
    expect(bytesOf(key.publicKey, 'x').toString('base64url')).toBe(publicKey);
  });

  it.each(vectors.codes)(
    'are what we sign and what both readers read: %#',
    async ({ generation, step = null, bytes, code }) => {
      const facts = { ticketId, eventId, holderVersion, step };
      expect(signCode(facts, keyOf(generation))).toBe(code);
      expect(base45.decode(code).toString('hex')).toBe(bytes);
      expect(read(code)).toEqual({ ...facts, generation });
      expect(await readIndependently(code, vectors.keys)).toEqual({ ...facts, keyId: keyOf(generation).id });
    },
  );

  it.each(vectors.invalid)('have a code that no reader takes: $why', async ({ code }) => {
    expect(read(code)).toBeUndefined();
    expect(await readIndependently(code, vectors.keys)).toBeUndefined();
  });
});
