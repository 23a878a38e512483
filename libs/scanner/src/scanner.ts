import type { CheckinUploadResult } from '@app/contracts';
import { judgeOffline, type FirstUse, type OfflineVerdict } from './judge-offline.js';
import { Manifest } from './manifest.js';
import { Movements } from './movements.js';
import { PlatformClock } from './platform-clock.js';
import { Refused, Unreachable, type Platform } from './platform.js';
import type { Kept, ScannerStore } from './scanner-store.js';
import { pullManifest, tellMovements } from './sync.js';
import { TicketCodeReader, type ReadCode } from './ticket-code.js';
import { Unanswered } from './unanswered.js';

export interface ScannerOptions {
  platform: Platform;
  store: ScannerStore;
  eventId: string;
  /** Name of this gate, as the organizer wrote it. */
  gate?: string;
  /** Milliseconds since 1970 by the device. */
  clock?: () => number;
  /** Scans that go up at once, at most 500. */
  batchSize?: number;
  /** Milliseconds for which nobody is asked after there was no answer: the queue should not wait at every ticket. */
  retryAfter?: number;
}

/** What the person at the door is shown. */
export interface ScanResult {
  admitted: boolean;
  /** Why not: a code of `POST /tickets/checkin`, one of `OfflineRefusal`, or `no-manifest`. */
  reason?: string;
  detail?: string;
  /** Where and when the ticket was used first. */
  first?: FirstUse;
  ticketId?: string;
  ticketTypeId?: string;
  reentry: boolean;
  /** Whether the platform has judged, or this gate by itself. */
  judgedBy: 'platform' | 'gate';
  scanId: string;
}

export interface SyncResult {
  uploaded: number;
  /** Scans whose people went in and should not have: the organizer's report has them, too. */
  conflicts: CheckinUploadResult[];
  /** Tickets that the gate knows now. */
  tickets: number;
}

type Direction = 'in' | 'out';

/**
 * A gate: asks the platform, and judges by its manifest when there is no answer in time. What it has let in by itself is
 * kept before it says so, and told to the platform under the same `scanId`, as often as it takes: one scan is one admission
 * there, also when the first answer was lost. Two gates without network can let the same ticket in; only giving each gate
 * its own types of tickets prevents that.
 */
export class Scanner {
  private readonly clock: PlatformClock;
  private readonly movements: Movements;
  private readonly unanswered = new Unanswered();
  private manifest: Manifest | undefined;
  private reader: { keys: string; reader: TicketCodeReader } | undefined;
  private syncing: Promise<SyncResult> | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  /** Of `performance.now()`, which no setting of a clock moves. */
  private askAgainAt = 0;

  private constructor(
    private readonly options: ScannerOptions,
    { manifest, movements }: Kept,
  ) {
    this.clock = new PlatformClock(options.clock, manifest?.head.clockAhead);
    this.manifest = manifest && new Manifest(manifest.head, new Map(manifest.tickets));
    this.movements = new Movements(options.store, options.eventId, movements);
  }

  /** With what the device has kept. */
  static async open(options: ScannerOptions): Promise<Scanner> {
    return new Scanner(options, await options.store.load(options.eventId));
  }

  /** Whether it can judge by itself. */
  get isReady(): boolean {
    return this.manifest !== undefined;
  }

  /** Movements that the platform has not heard of. */
  get untold(): number {
    return this.movements.untold().length;
  }

  /** One after the other: two cameras at one gate never let the same ticket in twice. @throws what the store throws */
  scan(code: string, direction: Direction = 'in'): Promise<ScanResult> {
    const scanned = this.turn.then(() => this.judge(code, direction));
    this.turn = scanned.catch(() => undefined);
    return scanned;
  }

  /** Hears what is new, and tells the platform what it has not heard. One at a time. @throws Refused, Unreachable */
  sync(): Promise<SyncResult> {
    this.syncing ??= this.exchange().finally(() => (this.syncing = undefined));
    return this.syncing;
  }

  private async judge(text: string, direction: Direction): Promise<ScanResult> {
    const read = await this.read(text);
    const ticketId = typeof read === 'object' ? read.ticketId : undefined;
    const name = `${direction} ${ticketId ?? text}`;
    // Of what it has not heard, the platform would let a copy of the ticket in.
    const knowsMore = this.movements.of(ticketId).some(({ told }) => !told);
    if (!knowsMore && performance.now() >= this.askAgainAt) {
      const asked = await this.askPlatform(text, direction, name);
      if (asked) return asked;
    }
    return this.judgeAlone({ text, read, direction, scanId: this.unanswered.scanIdOf(name) }, () =>
      this.unanswered.settle(name),
    );
  }

  /** @returns undefined when there is no answer */
  private async askPlatform(code: string, direction: Direction, name: string): Promise<ScanResult | undefined> {
    const { platform, eventId, gate, retryAfter = 5_000 } = this.options;
    const isRepeated = this.unanswered.has(name);
    const scanId = this.unanswered.scanIdOf(name);
    try {
      const answer = await platform.scan({ code, eventId, gate, scanId, direction });
      this.unanswered.settle(name);
      const { ticketId, checkedInAt, leftAt, gate: at_ = null, reentry = false } = answer;
      const at = (direction === 'in' ? checkedInAt : leftAt) ?? new Date(this.clock.now()).toISOString();
      await this.movements.note({ scanId, ticketId, direction, at, gate: at_, code: null, told: true });
      return { admitted: true, ticketId, ...this.typeOf(ticketId), reentry, judgedBy: 'platform', scanId };
    } catch (error) {
      if (error instanceof Refused) {
        this.unanswered.settle(name);
        // What was let in under this scan is taken back by now: this is another try.
        if (isRepeated && SPENT.has(error.code)) return this.askPlatform(code, direction, name);
        return refusedByPlatform(error, scanId);
      }
      if (!(error instanceof Unreachable)) throw error;
      this.unanswered.note(name, scanId);
      this.askAgainAt = performance.now() + retryAfter;
      return undefined;
    }
  }

  private async judgeAlone(
    { text, read, direction, scanId }: { text: string; read: ReadCode; direction: Direction; scanId: string },
    settle: () => void,
  ): Promise<ScanResult> {
    const { manifest } = this;
    if (!manifest) return { admitted: false, reason: 'no-manifest', reentry: false, judgedBy: 'gate', scanId };
    const now = this.clock.now();
    const { rules } = manifest.head;
    const ticketId = typeof read === 'object' ? read.ticketId : undefined;
    const ticket = ticketId === undefined ? undefined : manifest.ticket(ticketId);
    const { gate } = this.options;
    const movements = this.movements.of(ticketId);
    const verdict = judgeOffline({ rules, code: read, ticket, movements, gate, direction, now });
    if (verdict.admit && ticketId !== undefined) {
      const at = new Date(now).toISOString();
      // Kept first: a gate that forgets whom it let in would let them in again.
      await this.movements.add({ scanId, ticketId, direction, at, gate: gate ?? null, code: text, told: false });
      settle();
    }
    return {
      ...told(verdict),
      ...(ticketId !== undefined && { ticketId, ...this.typeOf(ticketId) }),
      ...{ judgedBy: 'gate', scanId },
    };
  }

  private async exchange(): Promise<SyncResult> {
    const { platform, eventId, batchSize = 100 } = this.options;
    // Heard first: with the platform's time of now, what a device's clock was off is no error of its scans.
    const heard = await this.pull().catch((error: unknown) => error);
    if (heard instanceof Unreachable) throw heard;
    this.askAgainAt = 0;
    const results = await tellMovements(platform, this.clock, this.movements, { eventId, batchSize });
    if (heard !== undefined) throw heard;
    const conflicts = results.filter(({ result }) => result === 'conflict' || result === 'refused');
    return { uploaded: results.length, conflicts, tickets: this.manifest?.size ?? 0 };
  }

  private async pull(): Promise<void> {
    const { platform, store, eventId } = this.options;
    // What the platform has heard of before it is asked, the manifest tells from now on; also what was undone there.
    const forget = this.movements.told();
    const { head, tickets, replace } = await pullManifest(platform, this.clock, eventId, this.manifest?.head.since);
    await store.keepManifest(eventId, head, tickets, { replace, forget });
    this.manifest = (this.manifest ?? new Manifest(head)).with(head, tickets, { replace });
    this.movements.forget(forget);
  }

  private async read(text: string): Promise<ReadCode> {
    if (!this.manifest) return undefined;
    const { rules } = this.manifest.head;
    const keys = JSON.stringify(rules.keys);
    if (this.reader?.keys !== keys)
      this.reader = { keys, reader: await TicketCodeReader.of(rules.eventId, rules.keys) };
    return this.reader.reader.read(text);
  }

  private typeOf(ticketId: string): Pick<ScanResult, 'ticketTypeId'> {
    const ticketTypeId = this.manifest?.ticket(ticketId)?.ticketTypeId;
    return ticketTypeId === undefined ? {} : { ticketTypeId };
  }
}

/** Of a `scanId` that stands for nothing any more. */
const SPENT = new Set(['admission-undone', 'scan-id-reused']);

function refusedByPlatform({ status, code, problem }: Refused, scanId: string): ScanResult {
  const { checkedInAt, gate = null, detail } = problem;
  return {
    ...{ admitted: false, reason: code, reentry: false, judgedBy: 'platform', scanId },
    ...(detail !== undefined && { detail }),
    ...(checkedInAt && status === 409 && { first: { checkedInAt, gate } }),
  };
}

function told(verdict: OfflineVerdict): Pick<ScanResult, 'admitted' | 'reason' | 'first' | 'reentry'> {
  if (verdict.admit) return { admitted: true, reentry: verdict.reentry };
  const { reason, first } = verdict;
  return { admitted: false, reason, reentry: false, ...(first && { first }) };
}
