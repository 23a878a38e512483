import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import base45 from 'base45';
import { readPrivateKey } from '../private-key.js';

/** What a code says. It admits as long as the ticket has this holder version; handing a ticket on raises it. */
export interface CodeFacts {
  ticketId: string;
  eventId: string;
  holderVersion: number;
}

export interface CodeKey {
  /** First two bytes of the public key's SHA-256: which of a few keys signed. */
  id: number;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/**
 * 102 bytes, 153 characters in base45 (RFC 9285), which QR codes have a mode of their own for: version 6, level M.
 * version 1 · kind 1 · key id 2 · ticket 16 · event 16 · holder version 2 · Ed25519 signature of all before it 64
 */
const VERSION = 1;
/** Does not change with time: for paper. */
const STATIC = 0;
const SIGNED = 38;
const LENGTH = SIGNED + 64;

const ED25519 = {
  name: 'an Ed25519 private key',
  includes: ({ asymmetricKeyType }: KeyObject) => asymmetricKeyType === 'ed25519',
};

/** @param der Ed25519 private key, PKCS#8 DER in base64. @throws ConfigurationError when it is none. */
export function readCodeKey(der: string): CodeKey {
  const privateKey = readPrivateKey('TICKET_SIGNING_KEY', der, ED25519);
  const publicKey = createPublicKey(privateKey);
  const id = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest()
    .readUInt16BE(0);
  return { id, privateKey, publicKey };
}

/** @throws RangeError for a holder version past 65535. */
export function signCode({ ticketId, eventId, holderVersion }: CodeFacts, key: CodeKey): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(STATIC, 1);
  bytes.writeUInt16BE(key.id, 2);
  bytes.write(hex(ticketId), 4, 'hex');
  bytes.write(hex(eventId), 20, 'hex');
  bytes.writeUInt16BE(holderVersion, 36);
  sign(null, bytes.subarray(0, SIGNED), key.privateKey).copy(bytes, SIGNED);
  return base45.encode(bytes);
}

/**
 * What the code says, if one of `keys` signed it; undefined for anything else. Each code has one spelling: text that
 * decodes to the same bytes in another way is none.
 */
export function readCode(code: string, keys: readonly Pick<CodeKey, 'id' | 'publicKey'>[]): CodeFacts | undefined {
  const bytes = base45.decode(code);
  if (bytes.length !== LENGTH || base45.encode(bytes) !== code) return undefined;
  if (bytes.readUInt8(0) !== VERSION || bytes.readUInt8(1) !== STATIC) return undefined;
  const signature = bytes.subarray(SIGNED);
  const signer = keys.find(
    ({ id, publicKey }) =>
      id === bytes.readUInt16BE(2) && verify(null, bytes.subarray(0, SIGNED), publicKey, signature),
  );
  return signer && { ticketId: uuid(bytes, 4), eventId: uuid(bytes, 20), holderVersion: bytes.readUInt16BE(36) };
}

const hex = (id: string) => id.replaceAll('-', '');

const uuid = (bytes: Buffer, at: number) =>
  bytes.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
