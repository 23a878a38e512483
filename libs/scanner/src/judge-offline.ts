import type { GateRules, KnownTicket } from './manifest.js';
import type { ReadCode, TicketCode } from './ticket-code.js';

/** Somebody whom this gate let in or out. */
export interface Movement {
  direction: 'in' | 'out';
  /** ISO 8601, by the platform's clock as far as the gate knows it. */
  at: string;
  gate: string | null;
}

/**
 * The codes of `POST /tickets/checkin` and `/tickets/checkout`, and `unknown-ticket`: signed by us, of a ticket that was
 * sold or handed on after the last manifest, or given back before the first.
 */
export type OfflineRefusal =
  | 'invalid-code'
  | 'unknown-ticket'
  | 'wrong-event'
  | 'wrong-gate'
  | 'already-checked-in'
  | 'reentry-not-allowed'
  | 'not-inside'
  | 'ticket-void'
  | 'ticket-frozen'
  | 'ticket-listed'
  | 'code-expired';

export interface FirstUse {
  checkedInAt: string;
  gate: string | null;
}

export type OfflineVerdict =
  { admit: true; reentry: boolean } | { admit: false; reason: OfflineRefusal; first?: FirstUse };

export interface OfflineFacts {
  rules: GateRules;
  code: ReadCode;
  ticket: KnownTicket | undefined;
  /** Of this ticket at this gate, oldest first, as far as no manifest tells them. */
  movements: readonly Movement[];
  gate: string | undefined;
  direction: 'in' | 'out';
  /** Milliseconds since 1970, by the platform's clock as far as the gate knows it. */
  now: number;
}

/** What the platform would say, as far as a gate without network can know, judged in the platform's order. */
export function judgeOffline(facts: OfflineFacts): OfflineVerdict {
  const { rules, code, ticket, direction } = facts;
  if (!code) return refuse('invalid-code');
  if (code === 'another-event' || code.eventId !== rules.eventId) return refuse('wrong-event');
  if (!ticket || code.holderVersion > ticket.holderVersion) return refuse('unknown-ticket');
  const isGivenBack = ticket.status === 'void' || ticket.status === 'listed';
  if (code.holderVersion < ticket.holderVersion && !isGivenBack) return refuse('invalid-code');
  const presence = presenceOf(ticket, facts.movements);
  return direction === 'in' ? judgeEntry(facts, code, ticket, presence) : judgeExit(facts, code, ticket, presence);
}

function judgeEntry(
  facts: OfflineFacts,
  code: TicketCode,
  ticket: KnownTicket,
  { first, isOutside }: Presence,
): OfflineVerdict {
  if (first && !(isOutside && facts.rules.reentryAllowed)) return { admit: false, reason: 'already-checked-in', first };
  if (ticket.status === 'void') return refuse('ticket-void');
  if (ticket.status === 'frozen') return refuse('ticket-frozen');
  if (ticket.status === 'listed') return refuse('ticket-listed');
  if (!opens(facts, ticket)) return refuse('wrong-gate');
  if (isExpired(facts, code)) return refuse('code-expired');
  return { admit: true, reentry: first !== undefined };
}

function judgeExit(
  facts: OfflineFacts,
  code: TicketCode,
  ticket: KnownTicket,
  { first, isOutside }: Presence,
): OfflineVerdict {
  if (!facts.rules.reentryAllowed) return refuse('reentry-not-allowed');
  const isUsable = ticket.status === 'checked_in' || ticket.status === 'valid';
  if (!first || isOutside || !isUsable) return refuse('not-inside');
  return isExpired(facts, code) ? refuse('code-expired') : { admit: true, reentry: false };
}

interface Presence {
  first: FirstUse | undefined;
  isOutside: boolean;
}

function presenceOf({ status, checkedInAt, gate, outside }: KnownTicket, movements: readonly Movement[]): Presence {
  const entry = movements.find(({ direction }) => direction === 'in');
  const own = entry && { checkedInAt: entry.at, gate: entry.gate };
  const last = movements.at(-1);
  const mayBeOutside = status === 'checked_in' || status === 'valid';
  return {
    first: checkedInAt ? { checkedInAt, gate: gate ?? null } : own,
    isOutside: mayBeOutside && (last ? last.direction === 'out' : outside === true),
  };
}

/** Without gates an event takes any name. A scan that names no gate may be anywhere: each of them has to admit its type. */
function opens({ rules: { gates }, gate }: OfflineFacts, { ticketTypeId }: KnownTicket): boolean {
  const admits = ({ ticketTypeIds }: GateRules['gates'][number]) =>
    ticketTypeIds.length === 0 || ticketTypeIds.includes(ticketTypeId);
  if (gate === undefined || gates.length === 0) return gates.every(admits);
  const named = gates.find(({ name }) => gateKey(name) === gateKey(gate));
  return named !== undefined && admits(named);
}

/** Names that look or sound alike are one. */
const gateKey = (name: string) => name.normalize('NFKC').toLowerCase();

/** A code on a screen is good for its step and the one before and after it. */
function isExpired({ rules: { stepSeconds, toleranceSteps }, now }: OfflineFacts, { step }: TicketCode): boolean {
  if (step === undefined) return false;
  return Math.abs(Math.floor(now / 1000 / stepSeconds) - step) > toleranceSteps;
}

const refuse = (reason: Exclude<OfflineRefusal, 'already-checked-in'>): OfflineVerdict => ({ admit: false, reason });
