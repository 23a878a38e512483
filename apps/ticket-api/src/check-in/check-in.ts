import { isOfThisMoment, type TicketCode } from '@app/ticket-codes';

/**
 * Whether a code admits, in the order in which a gate is told why not. Pure: what the code says and what is stored in,
 * verdict out. The statement that admits judges once more, because two gates may ask at the same moment.
 */
/** What a code says that we signed. */
export type PresentedCode = TicketCode;

export interface StoredTicket {
  eventId: string;
  status: 'valid' | 'checked_in' | 'void' | 'frozen';
  holderVersion: number;
  /** Keys of the event whose codes count: all others were revoked, or never signed. */
  generations: { oldest: number; current: number };
  checkedInAt: Date | null;
  gate: string | null;
}

/** An admission that the organization has on record under a `scanId`. */
export interface RecordedScan {
  ticketId: string;
  checkedInAt: Date;
  gate: string | null;
}

export interface Admission {
  checkedInAt: Date;
  gate: string | null;
}

export type Refusal =
  | { code: 'invalid-code' | 'scan-id-reused' | 'wrong-event' | 'ticket-void' | 'ticket-frozen' | 'code-expired' }
  | { code: 'already-checked-in'; first: Admission };

export type Verdict =
  | { verdict: 'admit' }
  /** The same scan, asked again: the first answer once more. */
  | { verdict: 'admitted-before'; first: Admission }
  | { verdict: 'refuse'; refusal: Refusal };

export interface Facts {
  code: PresentedCode;
  ticket: StoredTicket | undefined;
  scan: RecordedScan | undefined;
  /** The event of this gate, if it said. */
  gateEventId: string | undefined;
  /** The database's clock. */
  now: Date;
}

export function judgeCheckIn({ code, ticket, scan, gateEventId, now }: Facts): Verdict {
  if (!ticket || !isCodeOf(ticket, code)) return refuse({ code: 'invalid-code' });
  if (scan) {
    if (scan.ticketId !== code.ticketId) return refuse({ code: 'scan-id-reused' });
    return { verdict: 'admitted-before', first: { checkedInAt: scan.checkedInAt, gate: scan.gate } };
  }
  if (gateEventId !== undefined && gateEventId !== ticket.eventId) return refuse({ code: 'wrong-event' });
  if (ticket.checkedInAt)
    return refuse({ code: 'already-checked-in', first: { checkedInAt: ticket.checkedInAt, gate: ticket.gate } });
  if (ticket.status === 'void') return refuse({ code: 'ticket-void' });
  if (ticket.status === 'frozen') return refuse({ code: 'ticket-frozen' });
  if (!isOfThisMoment(code.step, now)) return refuse({ code: 'code-expired' });
  return { verdict: 'admit' };
}

/**
 * A code dies when the keys of its event are revoked, and when its ticket is handed on: the version tells. Giving a ticket back raises the version too, but then the
 * gate should hear that the ticket is void, and not that the paper is forged.
 */
function isCodeOf(ticket: StoredTicket, code: PresentedCode): boolean {
  if (ticket.eventId !== code.eventId) return false;
  if (code.generation < ticket.generations.oldest || code.generation > ticket.generations.current) return false;
  return ticket.status === 'void'
    ? code.holderVersion <= ticket.holderVersion
    : code.holderVersion === ticket.holderVersion;
}

const refuse = (refusal: Refusal): Verdict => ({ verdict: 'refuse', refusal });
