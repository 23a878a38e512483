import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TicketCodeReader } from './ticket-code.js';
import { GateWorld } from './testing/gate-world.js';

interface Vectors {
  eventId: string;
  ticketId: string;
  holderVersion: number;
  keys: { generation: number; id: number; publicKey: string }[];
  codes: { generation: number; step?: number; code: string }[];
  invalid: { why: string; code: string }[];
}
let vectors: Vectors;
let reader: TicketCodeReader;
beforeAll(async () => {
  const page = await readFile(new URL('../../../docs/ticket-codes.md', import.meta.url), 'utf8');
  vectors = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!) as Vectors;
  const keys = vectors.keys.map(({ id, publicKey }) => ({ id, algorithm: 'Ed25519' as const, publicKey }));
  reader = await TicketCodeReader.of(vectors.eventId, keys);
});

describe('a code, read with public keys alone', () => {
  it('says what docs/ticket-codes.md says of it', async () => {
    const { ticketId, eventId, holderVersion, codes } = vectors;
    expect(codes.length).toBeGreaterThan(1);
    for (const { code, step } of codes)
      expect(await reader.read(code)).toEqual({ ticketId, eventId, holderVersion, step });
  });

  it('is none when docs/ticket-codes.md says so', async () => {
    expect(vectors.invalid.length).toBeGreaterThan(3);
    for (const { code } of vectors.invalid) expect(typeof (await reader.read(code))).not.toBe('object');
  });

  it('is none when its key was revoked', async () => {
    const none = await TicketCodeReader.of(vectors.eventId, []);
    expect(await none.read(vectors.codes[0]!.code)).toBeUndefined();
  });

  it('of another event is told as such, and never as a ticket', async () => {
    const world = new GateWorld();
    expect(await reader.read(world.code(world.sell()))).toBe('another-event');
  });

  it('is none when any character of it is another one, or it is longer or shorter', async () => {
    const { code } = vectors.codes[0]!;
    const other = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:é';
    await fc.assert(
      fc.asyncProperty(fc.nat(code.length - 1), fc.constantFrom(...other), async (at, character) => {
        if (code[at] === character) return;
        expect(typeof (await reader.read(code.slice(0, at) + character + code.slice(at + 1)))).not.toBe('object');
      }),
      { numRuns: 300 },
    );
    for (const text of [
      '',
      ' ',
      `${code} `,
      ` ${code}`,
      `${code}0`,
      `${code}000`,
      code.slice(0, -1),
      code.slice(3),
      code.toLowerCase(),
    ])
      expect(typeof (await reader.read(text))).not.toBe('object');
  });
});
