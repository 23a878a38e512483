import { sign, verify, type KeyObject } from 'node:crypto';
import base45 from 'base45';

/**
 * The code that admits: bytes, big endian, written in base45 (RFC 9285), which QR codes have a mode of their own for.
 * version 1 · kind 1 · key id 2 · ticket 16 · event 16 · holder version 2 · [rotating: step 4] · Ed25519 signature of all before 64
 * docs/ticket-codes.md has the layout for those who write another reader.
 */
export interface CodeFacts {
  ticketId: string;
  eventId: string;
  /** The code admits as long as the ticket has this holder version; handing a ticket on raises it. */
  holderVersion: number;
  /** The step of a rotating code, for a screen; null: static, for paper. */
  step: number | null;
}

/** What a code says that was signed by one of our keys. */
export interface TicketCode extends CodeFacts {
  /** Of the event's keys, 1–255: which one signed. */
  generation: number;
}

export interface SigningKey {
  id: number;
  privateKey: KeyObject;
}

const VERSION = 2;
const STATIC = 0;
const ROTATING = 1;
const STEP = 38;
const SIGNATURE = 64;
const SIGNED: Readonly<Record<number, number>> = { [STATIC]: STEP, [ROTATING]: STEP + 4 };
/** Characters of a static and of a rotating code: three for two bytes. */
const LENGTHS = new Set(Object.values(SIGNED).map((signed) => ((signed + SIGNATURE) / 2) * 3));

/** @throws RangeError for a holder version past 65,535 or a step past 2³² − 1. */
export function signCode(
  { ticketId, eventId, holderVersion, step }: CodeFacts,
  { id, privateKey }: SigningKey,
): string {
  const bytes = Buffer.alloc(step === null ? STEP : STEP + 4);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(step === null ? STATIC : ROTATING, 1);
  bytes.writeUInt16BE(id, 2);
  bytes.write(hex(ticketId), 4, 'hex');
  bytes.write(hex(eventId), 20, 'hex');
  bytes.writeUInt16BE(holderVersion, 36);
  if (step !== null) bytes.writeUInt32BE(step, STEP);
  return base45.encode(Buffer.concat([bytes, sign(null, bytes, privateKey)]));
}

/** A code as it is written, whoever wrote it. */
export interface UnprovenCode {
  keyId: number;
  says: TicketCode;
  signed: Buffer;
  signature: Buffer;
}

/**
 * What a text says that has the form of a code; undefined for any other. Each code has one spelling: text that decodes to
 * the same bytes in another way is none.
 */
export function parseCode(code: string): UnprovenCode | undefined {
  if (!LENGTHS.has(code.length)) return undefined;
  const bytes = base45.decode(code);
  if (base45.encode(bytes) !== code) return undefined;
  const signed = SIGNED[bytes.readUInt8(1)];
  if (bytes.readUInt8(0) !== VERSION || signed === undefined || bytes.length !== signed + SIGNATURE) return undefined;
  const keyId = bytes.readUInt16BE(2);
  return {
    keyId,
    says: {
      ...{ ticketId: uuid(bytes, 4), eventId: uuid(bytes, 20), holderVersion: bytes.readUInt16BE(36) },
      step: signed > STEP ? bytes.readUInt32BE(STEP) : null,
      generation: keyId & 0xff,
    },
    signed: bytes.subarray(0, signed),
    signature: bytes.subarray(signed),
  };
}

/** Whether the key has signed it, found out beside the event loop. */
export const isSignedBy = ({ signed, signature }: UnprovenCode, key: KeyObject): Promise<boolean> =>
  new Promise((resolve) => {
    verify(null, signed, key, signature, (error, isValid) => resolve(!error && isValid));
  });

/**
 * What the code says, if one of the keys that `keysOf` names signed it; undefined for anything else. A key is looked for
 * by its id, of which several keys may have the same, and by the event, since each event has its own.
 */
export function readCode(
  code: string,
  keysOf: (keyId: number, eventId: string) => Iterable<KeyObject>,
): TicketCode | undefined {
  const unproven = parseCode(code);
  if (!unproven) return undefined;
  const { keyId, says, signed, signature } = unproven;
  for (const key of keysOf(keyId, says.eventId)) if (verify(null, signed, key, signature)) return says;
  return undefined;
}

/** @param master first byte of the SHA-256 of the master's public key; @param generation 1–255 */
export const keyIdOf = (master: number, generation: number): number => (master << 8) | generation;

const hex = (id: string) => id.replaceAll('-', '');

const uuid = (bytes: Buffer, at: number) =>
  bytes.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
