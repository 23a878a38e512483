import { isOfThisMoment } from '@app/ticket-codes';
import { isCodeOf, type Facts, type Refusal } from '../check-in.js';

export type Departing =
  | { verdict: 'let-out' }
  /** The same scan, asked again. */
  | { verdict: 'left-before'; first: { leftAt: Date; gate: string | null } }
  | { verdict: 'refuse'; refusal: Refusal };

/**
 * Whether the bearer of a code is let out, to come back later. Any gate will do: which types a gate admits is about coming
 * in. Pure; the statement that lets out judges once more.
 */
export function judgeCheckOut({ code, ticket, rules, scan, at, now }: Facts): Departing {
  if (!ticket || !isCodeOf(ticket, code)) return refuse({ code: 'invalid-code' });
  if (scan) {
    if (scan.ticketId !== code.ticketId || scan.result !== 'left') return refuse({ code: 'scan-id-reused' });
    return { verdict: 'left-before', first: { leftAt: scan.scannedAt, gate: scan.gate } };
  }
  if (at.eventId !== undefined && at.eventId !== ticket.eventId) return refuse({ code: 'wrong-event' });
  if (!rules.reentryAllowed) return refuse({ code: 'reentry-not-allowed' });
  if (ticket.status !== 'checked_in' || ticket.leftAt) return refuse({ code: 'not-inside' });
  if (!isOfThisMoment(code.step, now)) return refuse({ code: 'code-expired' });
  return { verdict: 'let-out' };
}

const refuse = (refusal: Refusal): { verdict: 'refuse'; refusal: Refusal } => ({ verdict: 'refuse', refusal });
