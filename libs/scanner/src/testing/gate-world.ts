import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { CheckinManifest, CheckinUploadResult, ManifestTicket } from '@app/contracts';
import { Platform, type PlatformOptions } from '../platform.js';
import { Scanner, type ScannerOptions } from '../scanner.js';
import { MemoryStore } from '../scanner-store.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const base45 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!;
    for (let n = 0; n < (isPair ? 3 : 2); n += 1, value = Math.floor(value / 45)) text += ALPHABET[value % 45];
  }
  return text;
};
const KEY_ID = 0x5601;

/** What the platform of a test was asked, and what it said. */
export interface Asked {
  method: string;
  path: string;
  body: any;
}

/** A platform that admits each ticket once, as far as a scanner can tell, behind a network that can be cut. */
export class GateWorld {
  readonly eventId = randomUUID();
  readonly typeId = randomUUID();
  readonly asked: Asked[] = [];
  /** Tickets as the platform has them. */
  readonly tickets = new Map<string, ManifestTicket>();
  /** What the platform has admitted, by scan id. */
  readonly admitted = new Map<string, { ticketId: string; checkedInAt: string; gate: string | null }>();
  /** `lost`: what is asked arrives, and the answer does not. */
  network: 'up' | 'down' | 'lost' = 'up';
  /** Of the manifest. */
  pageSize = 1_000;
  rules: Partial<CheckinManifest> = {};
  /** Milliseconds that the platform is ahead of the machine. */
  ahead = 0;
  /** The answer instead of what would be said. */
  refuse: ((asked: Asked) => { status: number; code: string } | undefined) | undefined;
  /** Before a manifest is told. */
  manifestTime: () => Promise<void> = async () => undefined;
  private version = 1;
  private readonly changed = new Map<string, number>();
  private readonly pair = generateKeyPairSync('ed25519');

  now(): number {
    return Date.now() + this.ahead;
  }

  sell(given: Partial<ManifestTicket> = {}): string {
    const id = randomUUID();
    this.change(id, { id, holderVersion: 1, ticketTypeId: this.typeId, status: 'valid', ...given });
    return id;
  }

  change(id: string, given: Partial<ManifestTicket>): void {
    this.tickets.set(id, { ...this.tickets.get(id), ...given } as ManifestTicket);
    this.changed.set(id, ++this.version);
  }

  code(
    ticketId: string,
    {
      holderVersion = 1,
      step,
      eventId = this.eventId,
    }: { holderVersion?: number; step?: number; eventId?: string } = {},
  ) {
    const bytes = Buffer.alloc(step === undefined ? 38 : 42);
    bytes.set([2, step === undefined ? 0 : 1]);
    bytes.writeUInt16BE(KEY_ID, 2);
    bytes.write(ticketId.replaceAll('-', '') + eventId.replaceAll('-', ''), 4, 'hex');
    bytes.writeUInt16BE(holderVersion, 36);
    if (step !== undefined) bytes.writeUInt32BE(step, 38);
    return base45(Buffer.concat([bytes, sign(null, bytes, this.pair.privateKey)]));
  }

  open(given: Partial<ScannerOptions> = {}, platform: Partial<PlatformOptions> = {}): Promise<Scanner> {
    return Scanner.open({
      ...{
        platform: this.platform(platform),
        store: new MemoryStore(),
        eventId: this.eventId,
        gate: 'North',
        retryAfter: 0,
      },
      ...given,
    });
  }

  platform(given: Partial<PlatformOptions> = {}): Platform {
    const options = { baseUrl: 'http://platform', headers: () => ({ authorization: 'Bearer x' }), deviceId: 'A' };
    return new Platform({ ...options, scanTimeout: 200, fetch: this.fetch, ...given });
  }

  readonly fetch = (async (url: string, { method = 'GET', body }: RequestInit = {}) => {
    if (this.network === 'down') throw new TypeError('fetch failed');
    const asked = { method, path: url.replace('http://platform', ''), body: body && JSON.parse(String(body)) };
    this.asked.push(asked);
    const refused = this.refuse?.(asked);
    if (asked.path.includes('/checkin-manifest')) await this.manifestTime();
    const answer = refused ? Response.json({ code: refused.code }, { status: refused.status }) : this.answer(asked);
    if ((this.network as string) === 'lost') throw new TypeError('connection reset');
    return answer;
  }) as unknown as typeof fetch;

  private answer({ path, body }: Asked): Response {
    if (path.includes('/checkin-manifest'))
      return Response.json(this.manifest(new URL(path, 'http://platform').searchParams));
    if (path.endsWith('/checkins')) return Response.json({ results: body.scans.map((scan: any) => this.told(scan)) });
    const ticketId = ticketOf(body.code);
    const known = this.admitted.get(body.scanId);
    if (known) return Response.json(known);
    const first = this.tickets.get(ticketId);
    if (!first) return Response.json({ code: 'invalid-code' }, { status: 409 });
    if (first.checkedInAt)
      return Response.json(
        { code: 'already-checked-in', checkedInAt: first.checkedInAt, gate: first.gate ?? null },
        { status: 409 },
      );
    return Response.json(this.admit(body.scanId, ticketId, new Date(this.now()).toISOString(), body.gate ?? null));
  }

  private told(scan: any): CheckinUploadResult {
    const ticketId = ticketOf(scan.code);
    const known = this.admitted.get(scan.scanId);
    if (known) return { scanId: scan.scanId, result: 'admitted', ...known };
    if (this.tickets.get(ticketId)?.checkedInAt)
      return { scanId: scan.scanId, result: 'conflict', reason: 'already-checked-in', ticketId };
    return {
      scanId: scan.scanId,
      result: 'admitted',
      ...this.admit(scan.scanId, ticketId, scan.scannedAt, scan.gate ?? null),
    };
  }

  private admit(scanId: string, ticketId: string, checkedInAt: string, gate: string | null) {
    this.change(ticketId, { status: 'checked_in', checkedInAt, ...(gate !== null && { gate }) });
    const admission = { ticketId, checkedInAt, gate };
    this.admitted.set(scanId, admission);
    return admission;
  }

  private manifest(query: URLSearchParams): CheckinManifest {
    const { since, offset, next } = JSON.parse(query.get('cursor') ?? 'null') ?? {
      ...{ since: query.get('since') === null ? null : Number(query.get('since')), offset: 0, next: this.version },
    };
    const isFull = since === null;
    const all = [...this.tickets.values()].filter(({ id, status }) =>
      isFull ? status === 'valid' || status === 'checked_in' : this.changed.get(id)! > since,
    );
    const tickets = all.slice(offset, offset + this.pageSize);
    const end = offset + this.pageSize;
    return {
      ...{ eventId: this.eventId, at: new Date(this.now()).toISOString(), stepSeconds: 30, toleranceSteps: 1 },
      keys: [{ id: KEY_ID, algorithm: 'Ed25519', publicKey: this.pair.publicKey.export({ format: 'jwk' }).x! }],
      ...{ reentryAllowed: false, gates: [], ticketTypes: [{ id: this.typeId, name: 'Standing' }] },
      ...{ fromStart: isFull && offset === 0, tickets, since: String(next) },
      nextCursor: end < all.length ? JSON.stringify({ since, offset: end, next }) : null,
      ...this.rules,
    };
  }
}

function ticketOf(code: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < 60; at += 3) {
    const [a, b, c] = [...code.slice(at, at + 3)].map((one) => ALPHABET.indexOf(one)) as [number, number, number];
    const value = a + b * 45 + c * 2025;
    bytes.push(value >> 8, value & 255);
  }
  const hex = Buffer.from(bytes).toString('hex', 4, 20);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
