import { decodeBase45 } from './base45.js';

/** What a code says that one of the event's keys has signed. */
export interface TicketCode {
  ticketId: string;
  eventId: string;
  holderVersion: number;
  /** Of a code that changes on the screen: the step that it was made for. Undefined for one on paper. */
  step: number | undefined;
}

/**
 * `another-event`: it names another event, whose keys are not here to prove it. That admits nobody, so it need not be
 * proven for somebody at the wrong door to be sent to the right one.
 */
export type ReadCode = TicketCode | 'another-event' | undefined;

/** One of an event's keys, as the manifest tells it. */
export interface TicketKey {
  /** Two bytes of the code name it; several keys may have the same. */
  id: number;
  algorithm: 'Ed25519';
  /** 32 bytes in base64url. */
  publicKey: string;
}

/** `CryptoKey`, by whatever name a runtime's types know it. */
type VerificationKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The layout is told in docs/ticket-codes.md. */
const VERSION = 2;
const STATIC = 0;
const ROTATING = 1;
const SIGNATURE = 64;
const SIGNED: Readonly<Record<number, number>> = { [STATIC]: 38, [ROTATING]: 42 };

/** Reads codes of an event with its public keys alone. */
export class TicketCodeReader {
  private constructor(
    private readonly eventId: string,
    private readonly keys: ReadonlyMap<number, readonly VerificationKey[]>,
  ) {}

  static async of(eventId: string, keys: readonly TicketKey[]): Promise<TicketCodeReader> {
    const imported = new Map<number, VerificationKey[]>();
    for (const { id, algorithm, publicKey } of keys) {
      // Of a later kind, which this reader cannot know.
      if (algorithm !== 'Ed25519') continue;
      const key = await crypto.subtle.importKey('raw', fromBase64Url(publicKey), 'Ed25519', false, ['verify']);
      imported.set(id, [...(imported.get(id) ?? []), key]);
    }
    return new TicketCodeReader(eventId, imported);
  }

  /** @returns undefined for what is no code, or one of this event that none of its keys has signed */
  async read(text: string): Promise<ReadCode> {
    const bytes = decodeBase45(text);
    const signed = bytes && SIGNED[bytes[1] ?? -1];
    if (!bytes || bytes[0] !== VERSION || signed === undefined || bytes.length !== signed + SIGNATURE) return undefined;
    const eventId = uuid(bytes.subarray(20, 36));
    if (eventId !== this.eventId) return 'another-event';
    const view = new DataView(bytes.buffer);
    const signature = bytes.subarray(signed);
    const message = bytes.subarray(0, signed);
    for (const key of this.keys.get(view.getUint16(2)) ?? []) {
      if (!(await crypto.subtle.verify('Ed25519', key, signature, message))) continue;
      return {
        ticketId: uuid(bytes.subarray(4, 20)),
        eventId,
        holderVersion: view.getUint16(36),
        step: bytes[1] === ROTATING ? view.getUint32(38) : undefined,
      };
    }
    return undefined;
  }
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

const uuid = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
