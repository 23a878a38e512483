import { isOfThisMoment, type TicketCode } from '@app/ticket-codes';
import { judgeGate, type GateRule } from './gates/gate.js';

/**
 * Whether a code admits, in the order in which a gate is told why not. Pure: what the code says and what is stored in,
 * verdict out. The statement that admits judges once more, because two gates may ask at the same moment.
 */
/** What a code says that we signed. */
export type PresentedCode = TicketCode;

export interface StoredTicket {
  eventId: string;
  ticketTypeId: string;
  status: 'valid' | 'checked_in' | 'void' | 'frozen' | 'listed';
  holderVersion: number;
  /** Keys of the event whose codes count: all others were revoked, or never signed. */
  generations: { oldest: number; current: number };
  /** Of the entry that counts now: the last one. */
  checkedInAt: Date | null;
  gate: string | null;
  /** While the holder is outside and may come back. */
  leftAt: Date | null;
}

/** What the organizer decided about the entry to the event. */
export interface EntryRules {
  reentryAllowed: boolean;
  gates: readonly GateRule[];
}

/** What the organization has on record under a `scanId`. */
export interface RecordedScan {
  ticketId: string;
  result: 'admitted' | 'readmitted' | 'left' | 'undone';
  scannedAt: Date;
  gate: string | null;
  undoneAt: Date | null;
}

export interface Admission {
  checkedInAt: Date;
  gate: string | null;
}

export type Refusal =
  | {
      code:
        | 'invalid-code'
        | 'scan-id-reused'
        | 'wrong-event'
        | 'ticket-void'
        | 'ticket-frozen'
        | 'ticket-listed'
        | 'code-expired'
        | 'reentry-not-allowed'
        | 'not-inside';
    }
  | { code: 'already-checked-in'; first: Admission }
  | { code: 'admission-undone'; undoneAt: Date }
  | { code: 'wrong-gate'; reason: 'unknown' | 'closed-to-type'; gates: string[] };

export type Verdict =
  /** `gate`: as the event spells it. */
  | { verdict: 'admit' | 'readmit'; gate: string | null }
  /** The same scan, asked again: the first answer once more. */
  | { verdict: 'admitted-before'; first: Admission; reentry: boolean }
  | { verdict: 'refuse'; refusal: Refusal };

export interface Facts {
  code: PresentedCode;
  ticket: StoredTicket | undefined;
  rules: EntryRules;
  scan: RecordedScan | undefined;
  /** Where the scan says that it was made. */
  at: { eventId?: string | undefined; gate?: string | undefined };
  /** The database's clock. */
  now: Date;
}

/**
 * What no other gate can mend comes first: who was used, given back or is disputed is not sent to another gate to hear it
 * there.
 */
export function judgeCheckIn({ code, ticket, rules, scan, at, now }: Facts): Verdict {
  if (!ticket || !isCodeOf(ticket, code)) return refuse({ code: 'invalid-code' });
  if (scan) return judgeAgain(scan, code);
  if (at.eventId !== undefined && at.eventId !== ticket.eventId) return refuse({ code: 'wrong-event' });
  const isOutside = ticket.leftAt !== null && ticket.status === 'checked_in' && rules.reentryAllowed;
  if (ticket.checkedInAt && !isOutside)
    return refuse({ code: 'already-checked-in', first: { checkedInAt: ticket.checkedInAt, gate: ticket.gate } });
  if (ticket.status === 'void') return refuse({ code: 'ticket-void' });
  if (ticket.status === 'frozen') return refuse({ code: 'ticket-frozen' });
  if (ticket.status === 'listed') return refuse({ code: 'ticket-listed' });
  const atGate = judgeGate(rules.gates, ticket.ticketTypeId, at.gate);
  if ('refused' in atGate) return refuse({ code: 'wrong-gate', reason: atGate.refused, gates: atGate.gates });
  if (!isOfThisMoment(code.step, now)) return refuse({ code: 'code-expired' });
  return { verdict: isOutside ? 'readmit' : 'admit', gate: atGate.gate };
}

/**
 * A scan that is sent again because its answer was lost. One whose admission was undone since does not admit: somebody has
 * decided that, and a device that retries by itself must not overrule it.
 */
function judgeAgain({ ticketId, result, scannedAt, gate, undoneAt }: RecordedScan, code: PresentedCode): Verdict {
  const isAdmission = result === 'admitted' || result === 'readmitted';
  if (ticketId !== code.ticketId || !isAdmission) return refuse({ code: 'scan-id-reused' });
  if (undoneAt) return refuse({ code: 'admission-undone', undoneAt });
  return {
    verdict: 'admitted-before',
    first: { checkedInAt: scannedAt, gate },
    reentry: result === 'readmitted',
  };
}

/**
 * A code dies when the keys of its event are revoked, and when its ticket is handed on: the version tells. Giving a ticket
 * back raises the version too, but then the gate should hear that the ticket is void, and not that the paper is forged; so does giving
 * it back for resale.
 */
export function isCodeOf(ticket: StoredTicket, code: PresentedCode): boolean {
  if (ticket.eventId !== code.eventId) return false;
  if (code.generation < ticket.generations.oldest || code.generation > ticket.generations.current) return false;
  return ticket.status === 'void' || ticket.status === 'listed'
    ? code.holderVersion <= ticket.holderVersion
    : code.holderVersion === ticket.holderVersion;
}

const refuse = (refusal: Refusal): { verdict: 'refuse'; refusal: Refusal } => ({ verdict: 'refuse', refusal });
