/**
 * A reader of ticket codes as somebody else would write it: from docs/ticket-codes.md alone, with WebCrypto, without a line
 * of ours. It says what specs compare our own reader with.
 */
export interface PublicTicketKey {
  id: number;
  publicKey: string;
}

export interface IndependentlyRead {
  ticketId: string;
  eventId: string;
  holderVersion: number;
  keyId: number;
  step: number | null;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Undefined for what is no valid code of these keys. Nothing is said of the time. */
export async function readIndependently(
  code: string,
  keys: readonly PublicTicketKey[],
): Promise<IndependentlyRead | undefined> {
  const bytes = decode(code);
  if (!bytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== 2) return undefined;
  const kind = view.getUint8(1);
  if (!((kind === 0 && bytes.length === 102) || (kind === 1 && bytes.length === 106))) return undefined;
  const signed = bytes.slice(0, bytes.length - 64);
  const signature = bytes.slice(bytes.length - 64);
  const keyId = view.getUint16(2);
  for (const { publicKey } of keys.filter(({ id }) => id === keyId)) {
    const raw = Uint8Array.from(atob(publicKey.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    if (!(await crypto.subtle.verify('Ed25519', key, signature, signed))) continue;
    return {
      ticketId: uuid(bytes.slice(4, 20)),
      eventId: uuid(bytes.slice(20, 36)),
      holderVersion: view.getUint16(36),
      keyId,
      step: kind === 1 ? view.getUint32(38) : null,
    };
  }
  return undefined;
}

function decode(code: string): Uint8Array<ArrayBuffer> | undefined {
  if (code.length % 3 !== 0 || code.length === 0) return undefined;
  const bytes = new Uint8Array((code.length / 3) * 2);
  for (let at = 0; at < code.length; at += 3) {
    const [c, d, e] = [0, 1, 2].map((n) => ALPHABET.indexOf(code.charAt(at + n))) as [number, number, number];
    const value = c + d * 45 + e * 45 * 45;
    if (Math.min(c, d, e) < 0 || value > 65_535) return undefined;
    bytes[(at / 3) * 2] = value >> 8;
    bytes[(at / 3) * 2 + 1] = value & 255;
  }
  return bytes;
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
