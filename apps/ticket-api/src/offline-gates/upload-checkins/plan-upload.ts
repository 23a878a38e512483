import { isOfThisMoment } from '@app/ticket-codes';
import { judgeIntrusion } from './judge-intrusion.js';
import { INTRUSIONS, type KnownTicket, type LoggedScan, type ToldScan, type UploadFacts } from './scan-facts.js';
import { gateKey, judgeGate } from '../../check-in/check-in.module.js';
import { settle, type Movement } from './settle.js';
import { timeOfScan } from './time-of-scan.js';

/** What is to be written. */
export interface UploadPlan {
  added: LoggedScan[];
  /** Rows that say something else from now on. */
  changed: LoggedScan[];
  /** Tickets that were entered by another scan, or left by another, from now on. */
  tickets: MovedTicket[];
  /** For each scan, in the order told: what the log says of it now; `reused`: its id is that of another ticket's scan. */
  outcomes: { scan: LoggedScan | 'reused'; counts: LoggedScan | undefined }[];
}

export interface MovedTicket {
  id: string;
  /** The scan by which the holder came in last; null: one that is not in the log, and counts as before. */
  enteredBy: string | null;
  /** The scan by which the holder is outside; null: nobody is. */
  leftBy: string | null;
}

interface Placed extends Movement {
  scan: LoggedScan;
}

/**
 * What becomes of a batch. Pure. Of each ticket whatever is logged and whatever is told are settled together, so that the
 * outcome is that of all scans, in whatever order and batches they came; a scan that is known is told what is known.
 * @param newId of a row
 */
export function planUpload(told: readonly ToldScan[], facts: UploadFacts, newId: () => string): UploadPlan {
  const byScanId = new Map(facts.logged.flatMap((scan) => (scan.scanId === null ? [] : [[scan.scanId, scan]])));
  const tickets = new Map(facts.tickets.map((ticket) => [ticket.id, ticket]));
  const added: LoggedScan[] = [];
  const found = told.map((scan) => {
    const ticketId = typeof scan.code === 'object' ? scan.code.ticketId : null;
    const known = byScanId.get(scan.scanId);
    // A code that nobody can read tells no other ticket.
    if (known) return ticketId !== null && known.ticketId !== ticketId ? ('reused' as const) : known;
    const logged = place(scan, ticketId === null ? undefined : tickets.get(ticketId), facts, newId());
    byScanId.set(scan.scanId, logged);
    added.push(logged);
    return logged;
  });
  const touched = new Set(added.filter(isMovement).map(({ ticketId }) => ticketId));
  const scansOf = byTicket([...facts.logged, ...added]);
  const settled = [...tickets.values()]
    .filter(({ id }) => touched.has(id))
    .map((ticket) => settleTicket(ticket, scansOf.get(ticket.id) ?? [], facts, newId));
  const now = new Map(settled.flatMap(({ scans }) => scans.map((scan) => [scan.id, scan])));
  const latest = (scan: LoggedScan) => now.get(scan.id) ?? scan;
  const counts = new Map([
    ...facts.logged
      .filter(isCounted)
      .sort(byTime)
      .map((scan) => [scan.ticketId, scan] as const),
    ...settled.map(({ counts: scan }) => [scan?.ticketId ?? null, scan] as const),
  ]);
  const known = new Set([...facts.logged, ...added].map(({ id }) => id));
  return {
    added: [...added.map(latest), ...[...now.values()].filter(({ id }) => !known.has(id))],
    changed: facts.logged.filter((scan) => latest(scan) !== scan).map(latest),
    tickets: settled.flatMap(({ ticket }) => ticket ?? []),
    outcomes: found.map((scan) => {
      if (scan === 'reused') return { scan, counts: undefined };
      return { scan: latest(scan), counts: scan.ticketId === null ? undefined : counts.get(scan.ticketId) };
    }),
  };
}

/** As it is logged before it is settled with the others of its ticket. */
function place(scan: ToldScan, ticket: KnownTicket | undefined, facts: UploadFacts, id: string): LoggedScan {
  const { now, sentAt, generations } = facts;
  const { scanId, scannedAt, deviceId, direction } = scan;
  const at = timeOfScan({ scannedAt, sentAt, now, notBefore: ticket?.createdAt ?? 0 });
  const device = facts.devices.find((one) => one.id === deviceId);
  const isRevoked = typeof device?.revokedAt === 'number' && at >= device.revokedAt;
  const { gate, remark } = look(scan, ticket, { at, gate: scan.gate ?? device?.gate, gates: facts.gates });
  const intrusion = judgeIntrusion(scan, ticket, { generations, isRevoked });
  return {
    ...{ id, scanId, ticketId: ticket?.id ?? null, at, gate, deviceId },
    ...(intrusion
      ? { result: 'conflict', reason: intrusion }
      : { result: direction === 'in' ? 'admitted' : 'left', reason: null }),
    ...{ remark: intrusion ? null : remark, recordedAt: now, undoneAt: null },
  };
}

/** What the gate should have seen: it is told, but somebody is inside. The gate's name is spelled as the event spells it. */
function look(
  { code, direction }: ToldScan,
  ticket: KnownTicket | undefined,
  { at, gate, gates }: { at: number; gate: string | null | undefined; gates: UploadFacts['gates'] },
): { gate: string | null; remark: string | null } {
  const isLate = typeof code === 'object' && !isOfThisMoment(code.step, new Date(at));
  const named = gates.find(({ key }) => key === gateKey(gate ?? ''))?.name ?? gate ?? null;
  const isWrong = ticket && direction === 'in' && 'refused' in judgeGate(gates, ticket.ticketTypeId, gate ?? undefined);
  return { gate: named, remark: isLate ? 'code-expired' : isWrong ? 'wrong-gate' : null };
}

function settleTicket(ticket: KnownTicket, own: readonly LoggedScan[], facts: UploadFacts, newId: () => string) {
  // Who took an admission back knew of the scans that were told by then: they are settled for good.
  const undone = Math.max(-Infinity, ...own.map(({ undoneAt }) => undoneAt ?? -Infinity));
  const isOpen = (scan: LoggedScan) => scan.undoneAt === null && (scan.recordedAt > undone || isEntry(scan.result));
  const open = own.filter((scan) => isMovement(scan) && isOpen(scan));
  const unlogged = admissionWithoutRow(ticket, open, facts, newId);
  const scans = unlogged ? [...open, unlogged] : open;
  // What was allowed when it happened stays allowed.
  const allowed = facts.reentryAllowed || scans.some(({ id, result }) => isLoggedAs(facts, id) && isReentry(result));
  const { settled, entry, outsideBy } = settle(scans.map(toMovement), allowed);
  const now = settled.map(({ movement: { scan }, result, reason }): LoggedScan => {
    const said = result === 'conflict' ? reason : scan.remark;
    return scan.result === result && scan.reason === said ? scan : { ...scan, result, reason: said };
  });
  const wasEntry =
    entry !== undefined && facts.logged.some(({ id, result }) => id === entry.scan.id && isEntry(result));
  const given = { unlogged, wasEntry: wasEntry || entry?.scan === unlogged };
  const moved = entry && ticketAfter(ticket, entry.scan, outsideBy?.scan, given);
  return {
    // An admission that stands needs no row of its own.
    scans: now.filter((scan) => scan !== unlogged),
    ticket: moved,
    counts: now.find(({ id }) => id === entry?.scan.id),
  };
}

/** An admission of a release that kept no log of scans without an id. */
function admissionWithoutRow(
  { id: ticketId, checkedInAt, gate }: KnownTicket,
  open: readonly LoggedScan[],
  { now, logged }: UploadFacts,
  newId: () => string,
): LoggedScan | undefined {
  if (checkedInAt === null || open.some((scan) => logged.includes(scan) && countsNow(scan))) return undefined;
  return {
    ...{ id: newId(), scanId: null, ticketId, at: checkedInAt, gate, deviceId: null, recordedAt: now, undoneAt: null },
    ...{ result: 'admitted', reason: null, remark: null },
  };
}

function ticketAfter(
  ticket: KnownTicket,
  entry: LoggedScan,
  left: LoggedScan | undefined,
  { unlogged, wasEntry }: { unlogged: LoggedScan | undefined; wasEntry: boolean },
): MovedTicket | undefined {
  const isEntered = ticket.checkedInAt === entry.at && ticket.gate === entry.gate && wasEntry;
  if (isEntered && ticket.leftAt === (left?.at ?? null)) return undefined;
  return { id: ticket.id, enteredBy: entry === unlogged ? null : entry.id, leftBy: left?.id ?? null };
}

function byTicket(scans: readonly LoggedScan[]): ReadonlyMap<string, LoggedScan[]> {
  const sorted = new Map<string, LoggedScan[]>();
  for (const scan of scans)
    if (scan.ticketId !== null) sorted.set(scan.ticketId, [...(sorted.get(scan.ticketId) ?? []), scan]);
  return sorted;
}

const toMovement = (scan: LoggedScan): Placed => ({
  ...{ scan, key: scan.scanId ?? scan.id, at: scan.at },
  direction: scan.result === 'left' || WAYS_OUT.has(scan.reason ?? '') ? 'out' : 'in',
});
const WAYS_OUT = new Set(['not-inside', 'reentry-not-allowed']);

/** Somebody went in or out, by a code that could let one in. */
const isMovement = ({ result, reason }: LoggedScan) =>
  result !== 'undone' && !(result === 'conflict' && INTRUSIONS.has(reason ?? ''));

const isCounted = ({ result, undoneAt }: LoggedScan) => isEntry(result) && undoneAt === null;
const byTime = (a: LoggedScan, b: LoggedScan) => a.at - b.at;

const countsNow = ({ result, undoneAt }: LoggedScan) => result === 'admitted' && undoneAt === null;

/** Whoever takes an admission back takes back what counts then: what still does came after. */
const isEntry = (result: LoggedScan['result']) => result === 'admitted' || result === 'readmitted';

const isReentry = (result: LoggedScan['result']) => result === 'left' || result === 'readmitted';
const isLoggedAs = ({ logged }: UploadFacts, id: string) => logged.some((scan) => scan.id === id);
